import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';
import type { Clock, JobKind } from '../../ports.ts';

const DAY_MS = 24 * 3_600_000;
const BATCH_LINES = 1_000;

/** The hourly job that removes audit lines older than `daysMax`, in batches that hold up nobody. */
export function removeOldAuditLines(
  db: Kysely<Database>,
  clock: Clock,
  daysMax: number,
): JobKind<Record<string, never>> {
  return {
    name: 'remove-old-audit-lines',
    everyMs: 3_600_000,
    attemptsMax: 5,
    retryDelayMs: 10_000,
    timeLimitMs: 600_000,
    keepMs: DAY_MS,
    run: async (_, signal) => {
      const beforeMs = clock() - daysMax * DAY_MS;
      for (;;) {
        signal.throwIfAborted();
        const old = db
          .selectFrom('audit_log')
          .select('id')
          .where('time_ms', '<', beforeMs)
          .limit(BATCH_LINES);
        const { numDeletedRows } = await db.deleteFrom('audit_log').where('id', 'in', old).executeTakeFirst();
        if (numDeletedRows < BATCH_LINES) return;
      }
    },
  };
}
