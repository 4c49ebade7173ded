import { type Kysely, sql } from 'kysely';
import type { Database } from '../../../database.ts';

/** What a service did in the days before, as means over all slices that were learned. */
export interface UsualFigures {
  readonly lines_per_second: number;
  readonly error_share: number;
  /** Null where its lines state no durations. */
  readonly p95_ms: number | null;
  /** Hours of logs that these figures rest on. */
  readonly hours: number;
}

const DAYS = 7;
const DAY_MS = 24 * 3_600_000;

export async function usualFigures(
  db: Kysely<Database>,
  beforeMs: number,
): Promise<ReadonlyMap<string, UsualFigures>> {
  const rows = await db
    .selectFrom('ai_performance_baselines')
    .where('end_ms', '<=', beforeMs)
    .where('start_ms', '>=', beforeMs - DAYS * DAY_MS)
    .select([
      'service',
      sql<number>`cast(sum(lines) as bigint)`.as('lines'),
      sql<number>`cast(sum(errors) as bigint)`.as('errors'),
      sql<number>`cast(sum(end_ms - start_ms) as bigint)`.as('time_ms'),
      sql<number>`cast(sum(case when p95_ms is null then 0 else measured_lines end) as bigint)`.as(
        'measured',
      ),
      sql<number>`cast(sum(coalesce(p95_ms, 0) * measured_lines) as double precision)`.as('weighted_p95'),
    ])
    .groupBy('service')
    .execute();
  return new Map(
    rows.map(({ service, lines, errors, time_ms, measured, weighted_p95 }) => [
      service,
      {
        lines_per_second: rounded((lines / time_ms) * 1_000),
        error_share: lines > 0 ? rounded(errors / lines) : 0,
        p95_ms: measured > 0 ? rounded(weighted_p95 / measured) : null,
        hours: rounded(time_ms / 3_600_000),
      },
    ]),
  );
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
