import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';
import type { IncidentsOptions } from './incidents-options.ts';

/** Notes that every channel has to be told the incident's newest version; nothing is told before the analysis. */
export async function wantDeliveries(
  db: Kysely<Database>,
  { clock, channels }: Pick<IncidentsOptions, 'clock' | 'channels'>,
  incidentId: string,
): Promise<void> {
  const incident = await db
    .selectFrom('incidents')
    .select(['version', 'analysis'])
    .where('id', '=', incidentId)
    .executeTakeFirst();
  if (!incident || incident.analysis === 'waiting') return;
  for (const { name } of channels) {
    const changed = {
      state: 'waiting' as const,
      wanted_version: incident.version,
      attempts: 0,
      queued_ms: null,
      updated_ms: clock(),
    };
    const first = { sent_version: 0, reference: null, error: null, incident_id: incidentId, channel: name };
    await db
      .insertInto('incident_deliveries')
      .values({ id: `${incidentId} ${name}`, ...first, ...changed })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
      .execute();
  }
}
