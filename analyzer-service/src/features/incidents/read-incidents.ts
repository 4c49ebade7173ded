import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';
import type {
  IncidentDeliveryRow,
  IncidentEventRow,
  IncidentRow,
  IncidentState,
} from '../../database/incident-tables.ts';
import type { Alert } from './alert.ts';
import type { Brief } from './brief.ts';
import { readList } from './incident-rows.ts';

const ALERTS_SHOWN_MAX = 500;
const EVENTS_SHOWN_MAX = 500;

/** An incident with all that belongs to it. */
export interface ReadIncident {
  readonly row: IncidentRow;
  readonly services: readonly string[];
  readonly brief: Brief | null;
  /** Oldest first, with their newest state. */
  readonly alerts: readonly Alert[];
  readonly events: readonly IncidentEventRow[];
  readonly deliveries: readonly IncidentDeliveryRow[];
}

/** Null when there is none with this id. */
export async function readIncident(db: Kysely<Database>, id: string): Promise<ReadIncident | null> {
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) return null;
  const [alerts, events, deliveries] = await Promise.all([
    db
      .selectFrom('incident_alerts')
      .selectAll()
      .where('incident_id', '=', id)
      .orderBy('starts_ms')
      .limit(ALERTS_SHOWN_MAX)
      .execute(),
    db
      .selectFrom('incident_events')
      .selectAll()
      .where('incident_id', '=', id)
      .orderBy('time_ms')
      .limit(EVENTS_SHOWN_MAX)
      .execute(),
    db
      .selectFrom('incident_deliveries')
      .selectAll()
      .where('incident_id', '=', id)
      .orderBy('channel')
      .execute(),
  ]);
  return {
    row,
    services: readList(row.services),
    brief: row.answer === null ? null : (JSON.parse(row.answer) as Brief),
    alerts: alerts.map(({ alert, state, ends_ms }) => ({
      ...(JSON.parse(alert) as Alert),
      state,
      endsMs: ends_ms,
    })),
    events,
    deliveries,
  };
}

export interface IncidentsFilter {
  readonly state?: IncidentState | undefined;
  readonly service?: string | undefined;
  readonly limit: number;
  /** Only those that began before. */
  readonly beforeMs?: number | undefined;
}

/** The newest first, one more than the limit when there are more. */
export async function listIncidents(
  db: Kysely<Database>,
  { state, service, limit, beforeMs }: IncidentsFilter,
): Promise<readonly (IncidentRow & { readonly alerts: number })[]> {
  let query = db
    .selectFrom('incidents')
    .selectAll('incidents')
    .select((row) =>
      row
        .selectFrom('incident_alerts')
        .whereRef('incident_alerts.incident_id', '=', 'incidents.id')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .as('alerts'),
    )
    .orderBy('started_ms', 'desc')
    .orderBy('id')
    .limit(limit + 1);
  if (state) query = query.where('state', '=', state);
  if (beforeMs !== undefined) query = query.where('started_ms', '<', beforeMs);
  // The list is JSON: a name stands in it between quotes.
  if (service) query = query.where('services', 'like', likeName(service));
  const rows = await query.execute();
  return rows.map((row) => ({ ...row, alerts: row.alerts ?? 0 }));
}

/** A name with % or _ may find a little more than itself. */
function likeName(service: string): string {
  return `%${JSON.stringify(service)}%`;
}
