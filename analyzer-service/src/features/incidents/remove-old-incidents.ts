import type { JobKind } from '../../ports.ts';
import type { IncidentsOptions } from './incidents-options.ts';

const BATCH = 200;

/** The hourly job that removes incidents and handled receipts that are older than they are kept. */
export function removeOldIncidents({ db, clock, keepMs }: IncidentsOptions): JobKind<Record<string, never>> {
  return {
    name: 'remove-old-incidents',
    everyMs: 3_600_000,
    attemptsMax: 5,
    retryDelayMs: 10_000,
    timeLimitMs: 600_000,
    keepMs: 24 * 3_600_000,
    run: async (_, signal) => {
      const beforeMs = clock() - keepMs;
      await db.deleteFrom('alert_receipts').where('handled_ms', '<', beforeMs).execute();
      for (;;) {
        signal.throwIfAborted();
        const old = await db
          .selectFrom('incidents')
          .select('id')
          .where('updated_ms', '<', beforeMs)
          .limit(BATCH)
          .execute();
        if (old.length === 0) return;
        const ids = old.map(({ id }) => id);
        await db.transaction().execute(async (transaction) => {
          for (const table of ['incident_alerts', 'incident_events', 'incident_deliveries'] as const)
            await transaction.deleteFrom(table).where('incident_id', 'in', ids).execute();
          await transaction.deleteFrom('incidents').where('id', 'in', ids).execute();
        });
      }
    },
  };
}
