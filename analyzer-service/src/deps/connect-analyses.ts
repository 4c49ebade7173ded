import type { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import { AnalysisStore } from '../features/analyses/analysis-store.ts';
import { Analyses } from '../features/analyses/analyses.ts';
import type { Summaries } from '../features/summaries/summaries.ts';
import type { Clock } from '../ports.ts';

export function connectAnalyses(
  config: Config,
  db: Kysely<Database>,
  clock: Clock,
  summaries: Summaries,
): Analyses {
  return new Analyses({
    store: new AnalysisStore(db, clock, config.ANALYSIS_KEYS),
    clock,
    writeWords: (facts, request, signal) => summaries.write(facts, request, signal),
    bytesMax: config.ANALYSIS_BYTES_MAX,
    timeoutMs: config.ANALYSIS_TIMEOUT_MS,
    runningMax: config.ANALYSES_AT_ONCE_MAX,
    waitingMax: config.ANALYSES_WAITING_MAX,
  });
}
