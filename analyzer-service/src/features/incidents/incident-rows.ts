import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';
import type { IncidentEventRow } from '../../database/incident-tables.ts';

export function readList(json: string): readonly string[] {
  return JSON.parse(json) as string[];
}

export async function writeEvent(
  db: Kysely<Database>,
  incidentId: string,
  timeMs: number,
  kind: IncidentEventRow['kind'],
  text: string,
): Promise<void> {
  await db
    .insertInto('incident_events')
    .values({ id: randomUUID(), incident_id: incidentId, time_ms: timeMs, kind, text })
    .execute();
}
