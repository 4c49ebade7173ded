import type { Clock, JobKind } from '../../ports.ts';
import type { AnalysisStore } from './analysis-store.ts';

const DAY_MS = 24 * 3_600_000;

/** The hourly job that removes old analyses, and encrypts the others again after the key was changed. */
export function keepAnalyses(
  store: AnalysisStore,
  clock: Clock,
  daysMax: number,
): JobKind<Record<string, never>> {
  return {
    name: 'keep-analyses',
    everyMs: 3_600_000,
    attemptsMax: 3,
    retryDelayMs: 60_000,
    timeLimitMs: 600_000,
    keepMs: DAY_MS,
    run: async (_, signal) => {
      await store.removeBefore(clock() - daysMax * DAY_MS, signal);
      await store.sealAgain(signal);
    },
  };
}
