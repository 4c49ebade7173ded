import type { Transaction } from 'kysely';
import type { Database } from '../../database.ts';
import type { IncidentRow } from '../../database/incident-tables.ts';
import { hideSecrets } from '../../engine/redaction/hide-secrets.ts';
import { AppError } from '../../errors.ts';
import type { Alert } from './alert.ts';
import type { Brief } from './brief.ts';
import { closeWhenOver, openIncident } from './group-alerts.ts';
import { readList, writeEvent } from './incident-rows.ts';
import type { IncidentsOptions } from './incidents-options.ts';
import { wantDeliveries } from './want-deliveries.ts';

const ATTEMPTS_MAX = 4;
const FINDINGS_MAX = 20;
const LINE_CHARACTERS_MAX = 1_000;
/** Where the time around an alert says nothing, one look this many times as far back. */
const FURTHER_BACK = 4;

/** Reads the logs around an incident, once. Throws to be tried again, until the attempts are used up. */
export async function analyseIncident(
  options: IncidentsOptions,
  incidentId: string,
  signal: AbortSignal,
): Promise<void> {
  const { db } = options;
  await db
    .updateTable('incidents')
    .set((row) => ({ analysis_attempts: row('analysis_attempts', '+', 1) }))
    .where('id', '=', incidentId)
    .where('analysis', '=', 'waiting')
    .execute();
  const incident = await db
    .selectFrom('incidents')
    .selectAll()
    .where('id', '=', incidentId)
    .executeTakeFirst();
  if (incident?.analysis !== 'waiting') return;
  try {
    await keepBrief(options, incident, await writeBrief(options, incident, signal));
  } catch (error) {
    if (signal.aborted || incident.analysis_attempts < ATTEMPTS_MAX) throw error;
    await keepFailure(options, incident, error);
  }
}

async function writeBrief(
  options: IncidentsOptions,
  incident: IncidentRow,
  signal: AbortSignal,
): Promise<Brief> {
  const ask = (beforeMs: number) => {
    const startMs = incident.started_ms - beforeMs;
    const endMs = Math.max(
      Math.min(options.clock(), incident.started_ms + options.afterMs),
      startMs + 60_000,
    );
    const services = incident.scope === null ? null : readList(incident.scope);
    return options.analyse({ startMs, endMs, services }, signal);
  };
  const near = await ask(options.beforeMs);
  // A rule may wait long before it fires: then the fault fills the window and what it is compared with.
  const told = isQuiet(near.brief) ? await ask(options.beforeMs * FURTHER_BACK) : near;
  const clean = withoutSecrets(told.brief, options.secrets);
  // Words are a courtesy: without them the findings speak for themselves.
  const words = await told.reword(signal).catch(() => null);
  return words ? { ...clean, summary: hideSecrets(words, options.secrets) } : clean;
}

function isQuiet({ findings }: Pick<Brief, 'findings'>): boolean {
  return findings.every(({ severity }) => severity === 'info');
}

async function keepBrief(options: IncidentsOptions, incident: IncidentRow, brief: Brief): Promise<void> {
  await options.db.transaction().execute(async (transaction) => {
    const suspect = brief.suspects[0]?.service ?? null;
    const [worst] = brief.findings;
    const kept = await splitUnrelated(transaction, options, incident, brief);
    const done = await transaction
      .updateTable('incidents')
      .set((row) => ({
        analysis: 'done',
        answer: JSON.stringify(brief),
        summary: brief.summary,
        title: worst && worst.severity !== 'info' ? worst.title : incident.title,
        suspect,
        services: JSON.stringify(kept),
        updated_ms: options.clock(),
        version: row('version', '+', 1),
      }))
      .where('id', '=', incident.id)
      .where('analysis', '=', 'waiting')
      .executeTakeFirst();
    if (done.numUpdatedRows === 0n) return;
    await writeEvent(transaction, incident.id, options.clock(), 'analysis', brief.summary);
    await wantDeliveries(transaction, options, incident.id);
  });
}

/**
 * Alerts of services that the findings connect neither with the suspect nor with the first alert are another fault:
 * each becomes an incident of its own services. Resolves to the services of this one.
 */
async function splitUnrelated(
  transaction: Transaction<Database>,
  options: IncidentsOptions,
  incident: IncidentRow,
  brief: Brief,
): Promise<readonly string[]> {
  const rows = await transaction
    .selectFrom('incident_alerts')
    .selectAll()
    .where('incident_id', '=', incident.id)
    .orderBy('starts_ms')
    .execute();
  const alerts = rows.map(({ alert }) => JSON.parse(alert) as Alert);
  const related = relatedServices(brief, alerts[0]?.services ?? []);
  if (incident.scope !== null) return [...related];
  for (const alert of alerts.slice(1)) {
    if (alert.services.length === 0 || alert.services.some((service) => related.has(service))) continue;
    const id = await openIncident(transaction, options, alert, alert.services);
    await transaction
      .updateTable('incident_alerts')
      .set({ incident_id: id })
      .where('id', '=', alert.id)
      .execute();
    await writeEvent(transaction, id, alert.startsMs, 'alert', `${alert.name} fires`);
    for (const changed of [id, incident.id]) await closeWhenOver(transaction, options, changed);
  }
  return [...related];
}

/** Who is touched by the suspect's fault, by the findings. */
function relatedServices({ findings, suspects }: Brief, first: readonly string[]): Set<string> {
  const related = new Set(first);
  const suspect = suspects[0]?.service;
  if (suspect) related.add(suspect);
  for (const { service, affected } of findings) {
    const touched = [service, ...affected];
    if (touched.length > 1 && touched.some((name) => related.has(name))) {
      for (const name of touched) related.add(name);
    }
  }
  related.delete('');
  return related;
}

async function keepFailure(options: IncidentsOptions, incident: IncidentRow, error: unknown): Promise<void> {
  const reason =
    error instanceof AppError ? error.message : 'Something went wrong in the service; see its log.';
  const summary = `The logs around this alert could not be read: ${hideSecrets(reason, options.secrets)}`;
  await options.db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('incidents')
      .set((row) => ({
        analysis: 'failed',
        summary,
        updated_ms: options.clock(),
        version: row('version', '+', 1),
      }))
      .where('id', '=', incident.id)
      .execute();
    await writeEvent(transaction, incident.id, options.clock(), 'analysis', summary);
    await wantDeliveries(transaction, options, incident.id);
  });
}

function withoutSecrets(brief: Brief, secrets: readonly string[]): Brief {
  const hide = (text: string) => hideSecrets(text, secrets);
  return {
    window: brief.window,
    baseline: brief.baseline,
    summary: hide(brief.summary),
    warnings: brief.warnings.map(hide),
    suspects: brief.suspects.map(({ service, score, reasons }) => ({
      service,
      score,
      reasons: reasons.map(hide),
    })),
    findings: brief.findings
      .slice(0, FINDINGS_MAX)
      .map(({ id, kind, severity, service, affected, title, since, evidence, evidence_query }) => ({
        id,
        kind,
        severity,
        service,
        affected,
        title: hide(title),
        since,
        evidence_query: hide(evidence_query),
        evidence: evidence.map(({ timestamp_ns, time, service, level, line }) => ({
          timestamp_ns,
          time,
          service,
          level,
          line: hide(line.slice(0, LINE_CHARACTERS_MAX)),
        })),
      })),
  };
}
