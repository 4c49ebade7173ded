import { randomUUID } from 'node:crypto';
import { PostgresAdapter, type Transaction, sql } from 'kysely';
import type { Database } from '../../database.ts';
import type { IncidentRow } from '../../database/incident-tables.ts';
import type { Alert } from './alert.ts';
import type { IncidentsOptions } from './incidents-options.ts';
import { readList, writeEvent } from './incident-rows.ts';
import { wantDeliveries } from './want-deliveries.ts';

const RECEIPTS_AT_ONCE = 20;
/** Any number that nothing else here locks. */
const GROUPING_LOCK = 7_007_001;

/**
 * Puts the alerts of the receipts that wait into incidents: one analyzer at a time, each receipt once. Resolves to how
 * many receipts it handled.
 */
export async function groupWaitingAlerts(options: IncidentsOptions): Promise<number> {
  return options.db.transaction().execute(async (transaction) => {
    // On SQLite a transaction holds the only write lock from its beginning.
    if (transaction.getExecutor().adapter instanceof PostgresAdapter)
      await sql`select pg_advisory_xact_lock(${sql.lit(GROUPING_LOCK)})`.execute(transaction);
    const receipts = await transaction
      .selectFrom('alert_receipts')
      .selectAll()
      .where('handled_ms', 'is', null)
      .orderBy('received_ms')
      .limit(RECEIPTS_AT_ONCE)
      .execute();
    for (const receipt of receipts) {
      for (const alert of JSON.parse(receipt.alerts) as Alert[])
        await placeAlert(transaction, options, alert);
      await transaction
        .updateTable('alert_receipts')
        .set({ handled_ms: options.clock() })
        .where('id', '=', receipt.id)
        .execute();
    }
    return receipts.length;
  });
}

async function placeAlert(
  transaction: Transaction<Database>,
  options: IncidentsOptions,
  alert: Alert,
): Promise<void> {
  const known = await findKnown(transaction, alert);
  if (known) {
    if (known.state === 'firing' && alert.state === 'resolved')
      await resolveAlert(transaction, options, known, alert);
    return;
  }
  const open = await findOpenIncident(transaction, options, alert);
  const incidentId = open?.id ?? (await openIncident(transaction, options, alert, null));
  await transaction
    .insertInto('incident_alerts')
    .values({
      id: alert.id,
      incident_id: incidentId,
      fingerprint: alert.fingerprint,
      state: alert.state,
      starts_ms: alert.startsMs,
      ends_ms: alert.endsMs,
      alert: JSON.stringify(alert),
    })
    .execute();
  await writeEvent(transaction, incidentId, alert.startsMs, 'alert', `${alert.name} fires`);
  if (alert.state === 'resolved') {
    await writeEvent(
      transaction,
      incidentId,
      alert.endsMs ?? options.clock(),
      'alert',
      `${alert.name} is over`,
    );
    await closeWhenOver(transaction, options, incidentId);
  }
  if (!open) return;
  await transaction
    .updateTable('incidents')
    .set({
      started_ms: Math.min(open.started_ms, alert.startsMs),
      services: JSON.stringify([...new Set([...readList(open.services), ...alert.services])].slice(0, 50)),
      updated_ms: options.clock(),
    })
    .where('id', '=', open.id)
    .execute();
}

/** The row of the same alert: also of one that never said when it began, as long as it fires. */
async function findKnown(transaction: Transaction<Database>, { id, fingerprint }: Alert) {
  const row = await transaction
    .selectFrom('incident_alerts')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row || !id.endsWith(' unknown')) return row;
  return transaction
    .selectFrom('incident_alerts')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .where('state', '=', 'firing')
    .executeTakeFirst();
}

async function resolveAlert(
  transaction: Transaction<Database>,
  options: IncidentsOptions,
  known: { readonly id: string; readonly incident_id: string },
  alert: Alert,
): Promise<void> {
  const endsMs = alert.endsMs ?? options.clock();
  await transaction
    .updateTable('incident_alerts')
    .set({ state: 'resolved', ends_ms: endsMs })
    .where('id', '=', known.id)
    .execute();
  await writeEvent(transaction, known.incident_id, endsMs, 'alert', `${alert.name} is over`);
  await closeWhenOver(transaction, options, known.incident_id);
}

/** An incident is over when none of its alerts fires any more. */
export async function closeWhenOver(
  transaction: Transaction<Database>,
  options: IncidentsOptions,
  incidentId: string,
): Promise<void> {
  const alerts = await transaction
    .selectFrom('incident_alerts')
    .select(['state', 'ends_ms'])
    .where('incident_id', '=', incidentId)
    .execute();
  if (alerts.some(({ state }) => state === 'firing')) return;
  const endedMs = Math.max(...alerts.map(({ ends_ms }) => ends_ms ?? 0));
  const closed = await transaction
    .updateTable('incidents')
    .set((row) => ({
      state: 'resolved',
      ended_ms: endedMs,
      updated_ms: options.clock(),
      version: row('version', '+', 1),
    }))
    .where('id', '=', incidentId)
    .where('state', '!=', 'resolved')
    .executeTakeFirst();
  if (closed.numUpdatedRows === 0n) return;
  await writeEvent(transaction, incidentId, endedMs, 'state', 'Resolved: none of its alerts fires any more');
  await wantDeliveries(transaction, options, incidentId);
}

/**
 * An incident that began about then and shares a service; one that is not analysed yet takes every alert, and gives
 * those back that its findings have nothing to do with.
 */
async function findOpenIncident(
  transaction: Transaction<Database>,
  { groupMs }: IncidentsOptions,
  alert: Alert,
): Promise<IncidentRow | undefined> {
  const near = await transaction
    .selectFrom('incidents')
    .selectAll()
    .where('state', '!=', 'resolved')
    .where('scope', 'is', null)
    .where('started_ms', '>=', alert.startsMs - groupMs)
    .where('started_ms', '<=', alert.startsMs + groupMs)
    .orderBy('started_ms')
    .limit(50)
    .execute();
  return near.find(
    ({ analysis, services }) =>
      analysis === 'waiting' ||
      alert.services.length === 0 ||
      readList(services).some((service) => alert.services.includes(service)),
  );
}

/** `scope`: the services that it is about, where the rest is known to be another fault. */
export async function openIncident(
  transaction: Transaction<Database>,
  { clock }: Pick<IncidentsOptions, 'clock'>,
  alert: Alert,
  scope: readonly string[] | null,
): Promise<string> {
  const id = randomUUID();
  await transaction
    .insertInto('incidents')
    .values({
      id,
      state: 'firing',
      started_ms: alert.startsMs,
      ended_ms: null,
      created_ms: clock(),
      updated_ms: clock(),
      title: alert.name,
      summary: 'The logs around this alert are being read.',
      services: JSON.stringify(alert.services),
      suspect: null,
      scope: scope && JSON.stringify(scope),
      analysis: 'waiting',
      analysis_attempts: 0,
      answer: null,
      version: 0,
      queued_ms: null,
      verdict: null,
      true_cause: null,
    })
    .execute();
  return id;
}
