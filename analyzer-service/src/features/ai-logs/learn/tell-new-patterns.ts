import type { Kysely } from 'kysely';
import type { Database } from '../../../database.ts';
import { isErrorLevel, parseLevel } from '../../../engine/log-line.ts';
import type { Clock, JobKind, WriteOwnLines } from '../../../ports.ts';

export interface TellNewPatternsOptions {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly writeOwnLines: WriteOwnLines;
  /** Hears of each pattern once it was told. */
  readonly onTold: (service: string) => void;
}

const MINUTE_MS = 60_000;
const PATTERNS_AT_ONCE = 100;

/**
 * The job that writes a line to Loki for each new pattern, `{service_name="sonde", kind="new_pattern"}`, for rules to
 * fire on. Lines of patterns that were told twice, because a process died in between, are equal: Loki keeps one.
 */
export function tellNewPatterns({
  db,
  clock,
  writeOwnLines,
  onTold,
}: TellNewPatternsOptions): JobKind<Record<string, never>> {
  return {
    name: 'tell-new-patterns',
    everyMs: MINUTE_MS,
    attemptsMax: 3,
    retryDelayMs: 10_000,
    timeLimitMs: 5 * MINUTE_MS,
    keepMs: 24 * 60 * MINUTE_MS,
    async run(_, signal) {
      for (;;) {
        const rows = await db
          .selectFrom('new_patterns')
          .selectAll()
          .where('told_ms', 'is', null)
          .orderBy('found_ms')
          .orderBy('template_id')
          .limit(PATTERNS_AT_ONCE)
          .execute();
        if (rows.length === 0) return;
        const lines = rows.map(({ service, template_id, level, wording, lines, first_ms, found_ms }) => ({
          timeMs: found_ms,
          level: isErrorLevel(parseLevel(level)) ? ('error' as const) : ('info' as const),
          line: JSON.stringify({
            found_in: service,
            found_level: level,
            pattern: wording,
            template: template_id,
            lines,
            first: new Date(first_ms).toISOString(),
          }),
        }));
        await writeOwnLines('new_pattern', lines, signal);
        for (const { service, template_id } of rows) {
          await db
            .updateTable('new_patterns')
            .set({ told_ms: clock() })
            .where('service', '=', service)
            .where('template_id', '=', template_id)
            .execute();
          onTold(service);
        }
      }
    },
  };
}
