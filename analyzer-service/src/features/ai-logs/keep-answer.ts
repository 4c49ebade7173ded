import type { TimeRange } from '../../engine/log-line.ts';
import type { FilterQuery, WindowQuery } from './parameters/schema.ts';

export interface KeepOptions {
  readonly liveMs: number;
  readonly pastMs: number;
}

/** Lines may arrive this late; a window that ended longer ago does not change any more. */
const LATE_LINES_MS = 10 * 60_000;

/** What makes two queries the same question: "the last 30 minutes" is one, whatever second it is asked in. */
export function questionOf(
  endpoint: string,
  { start, end, time_range, ...query }: WindowQuery & FilterQuery,
  window: TimeRange,
  patternsVersion: string,
): object {
  const fromStart = start ? { startMs: window.startMs } : { time_range };
  return {
    endpoint,
    ...query,
    services: query.services?.toSorted(),
    severity: query.severity?.toSorted(),
    patterns: patternsVersion,
    range: end ? window : fromStart,
  };
}

/** How long an answer may be given again, in milliseconds. One with warnings might be better next time: not at all. */
export function keepAnswerMs(
  window: TimeRange,
  warnings: readonly string[],
  nowMs: number,
  { liveMs, pastMs }: KeepOptions,
): number {
  if (warnings.length > 0) return 0;
  return nowMs - window.endMs > LATE_LINES_MS ? pastMs : liveMs;
}
