import type { Kysely } from 'kysely';
import packageJson from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import { AnalysisStore } from '../features/analyses/analysis-store.ts';
import type { AnalysisConversationOptions } from '../features/analyses/socket/conversation.ts';
import { Analyses } from '../features/analyses/analyses.ts';
import type { Summaries } from '../features/summaries/summaries.ts';
import type { ClientSockets } from '../http/client-sockets.ts';
import type { Clock, Jobs, ModelService } from '../ports.ts';

/** What is said on the WebSocket of analyses. */
export function connectAnalysisSocket(
  analyses: Analyses,
  jobs: Jobs,
  models: ModelService,
  sockets: ClientSockets,
): AnalysisConversationOptions {
  const startedMs = Date.now();
  return {
    analyses,
    jobs,
    models: () => ({
      configured: models.has('summaries'),
      models: models.list().map((model) => ({ ...model })),
    }),
    status: async () => ({
      version: packageJson.version,
      uptime_s: Math.round((Date.now() - startedMs) / 1_000),
      clients: sockets.clients,
      waiting: await analyses.store.waiting().catch(() => null),
    }),
  };
}

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
