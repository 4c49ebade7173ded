import type { Clock, JobKind } from '../../ports.ts';
import type { UsageBook } from './usage-book.ts';

const DAY_MS = 24 * 3_600_000;

/** The daily job that removes counts older than `daysMax`: a row for each caller, model and day, so one statement does. */
export function removeOldUsage(
  usage: UsageBook,
  clock: Clock,
  daysMax: number,
): JobKind<Record<string, never>> {
  return {
    name: 'remove-old-usage',
    everyMs: DAY_MS,
    attemptsMax: 3,
    retryDelayMs: 60_000,
    timeLimitMs: 600_000,
    keepMs: DAY_MS,
    run: () => usage.removeBefore(clock() - daysMax * DAY_MS),
  };
}
