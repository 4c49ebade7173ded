import type { Kysely } from 'kysely';
import packageJson from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import { AnalysisStore } from '../features/analyses/analysis-store.ts';
import { AnalysisSockets } from '../features/analyses/socket/analysis-sockets.ts';
import type { SessionOptions } from '../features/analyses/socket/socket-session.ts';
import { Analyses } from '../features/analyses/analyses.ts';
import type { Summaries } from '../features/summaries/summaries.ts';
import { type AccessOptions, signIn } from '../http/access.ts';
import type { Clock, Jobs, ModelService } from '../ports.ts';

export function connectSockets(
  config: Config,
  {
    analyses,
    jobs,
    access,
    record,
    models,
  }: {
    readonly analyses: Analyses;
    readonly jobs: Jobs;
    readonly access: AccessOptions;
    readonly record: SessionOptions['record'];
    readonly models: ModelService;
  },
): AnalysisSockets {
  const startedMs = Date.now();
  const sockets: AnalysisSockets = new AnalysisSockets({
    analyses,
    jobs,
    record,
    signIn: (key) => signIn(access, key),
    models: async () => ({
      configured: models.has('summaries'),
      models: models.list().map((model) => ({ ...model })),
    }),
    status: async () => ({
      version: packageJson.version,
      uptime_s: Math.round((Date.now() - startedMs) / 1_000),
      clients: sockets.clients,
      waiting: await analyses.store.waiting().catch(() => null),
    }),
    clientsMax: config.STREAM_CLIENTS_MAX,
    signInMs: 10_000,
  });
  return sockets;
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
