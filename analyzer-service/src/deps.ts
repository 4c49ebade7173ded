import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Redis } from 'ioredis';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import packageJson from '../package.json' with { type: 'json' };
import { AnswerCache } from './adapters/cache/answer-cache.ts';
import { MemoryStore } from './adapters/cache/memory-store.ts';
import { RedisStore } from './adapters/cache/redis-store.ts';
import { type OpenDatabase, openDatabase } from './adapters/database/open-database.ts';
import { readModelPrices } from './adapters/files/model-prices.ts';
import { EmbeddedStore } from './adapters/loki/embedded-store.ts';
import type { LokiLogSource } from './adapters/loki/loki-log-source.ts';
import { timedSource } from './adapters/metrics/timed-source.ts';
import { ServiceMetrics } from './adapters/metrics/service-metrics.ts';
import { connectRedis } from './adapters/redis/connect-redis.ts';
import type { Config } from './config.ts';
import type { Database } from './database.ts';
import { startJobs } from './deps/background-jobs.ts';
import { connectExports, exportRoutesOptions } from './deps/connect-exports.ts';
import { AppError } from './errors.ts';
import { recordChange } from './features/access/audit-log.ts';
import { KeyRing } from './features/access/key-ring.ts';
import { History } from './features/ai-logs/learn/history.ts';
import { PatternBook } from './features/ai-logs/patterns/pattern-book.ts';
import type { PatternsOptions } from './features/ai-logs/patterns/routes.ts';
import { type ConnectedIncidents, connectIncidents } from './deps/connect-incidents.ts';
import { connectOwnLines } from './deps/connect-own-lines.ts';
import { connectAgents } from './deps/connect-agents.ts';
import { createLog } from './deps/create-log.ts';
import { connectAnalyses, connectAnalysisSocket } from './deps/connect-analyses.ts';
import { type ConnectedChat, connectChat } from './deps/connect-chat.ts';
import { connectLoki } from './deps/connect-loki.ts';
import { connectModels } from './deps/connect-models.ts';
import { connectSummaries, factsOfWindow } from './deps/connect-summaries.ts';
import type { AnalysisConversationOptions } from './features/analyses/socket/conversation.ts';
import { RingLog } from './features/service-log/ring-log.ts';
import type { Analyses } from './features/analyses/analyses.ts';
import type { McpOptions } from './features/ai-logs/mcp/routes.ts';
import type { AiLogsOptions } from './features/ai-logs/read-context.ts';
import type { ExportRoutesOptions } from './features/export/routes.ts';
import type { CheckHealthOptions } from './features/health/check-health.ts';
import type { FactsOf } from './features/summaries/routes.ts';
import type { Summaries } from './features/summaries/summaries.ts';
import { StreamManager } from './features/stream/stream-manager.ts';
import { type AccessOptions, countCall, signIn } from './http/access.ts';
import { ClientSockets } from './http/client-sockets.ts';
import { isLoopback } from './http/refuse-foreign-hosts.ts';
import type { RecordChange } from './http/audit-changes.ts';
import type { Cache, Jobs, LogSource, ModelService } from './ports.ts';

const PLUGIN_DIR = path.join(import.meta.dirname, '../../grafana-plugin');

/** Everything that the features need, connected. */
export interface Deps {
  readonly config: Config;
  readonly log: Logger;
  readonly lokiUrl: string;
  /** The process of the embedded store; null when LOKI_URL names a Loki. */
  readonly storePid: number | null;
  readonly logs: LokiLogSource;
  readonly metrics: ServiceMetrics;
  /** Where the plugin is built, and the page that shows it outside Grafana. */
  readonly pluginDir: string;
  readonly access: AccessOptions;
  readonly recordChange: RecordChange;
  readonly cache: Cache;
  readonly health: CheckHealthOptions;
  readonly aiLogs: AiLogsOptions;
  readonly patterns: PatternsOptions;
  readonly exports: ExportRoutesOptions;
  readonly agents: McpOptions;
  readonly models: ModelService;
  readonly chat: ConnectedChat;
  readonly alerts: ConnectedIncidents;
  readonly summaries: Summaries;
  readonly factsOf: FactsOf;
  readonly analyses: Analyses;
  readonly sockets: ClientSockets;
  readonly analysisSocket: AnalysisConversationOptions;
  readonly ringLog: RingLog;
  readonly jobs: Jobs;
  readonly streams: StreamManager;
  close(): Promise<void>;
}

/** The only place where adapters are chosen. What was opened is closed again, backwards, also when a later step fails. */
export async function connectDeps(config: Config): Promise<Deps> {
  await using opening = new AsyncDisposableStack();
  const ringLog = new RingLog(config.SERVICE_LOG_LINES_MAX);
  const log = createLog(config.LOG_LEVEL, ringLog);
  const database = opening.adopt(await connectDatabase(config, log), (open) => open.close());
  const clock = Date.now;
  const redis = opening.adopt(await connectSharedRedis(config, log), (open) => open?.disconnect());
  const access = opening.adopt(await connectAccess(config, database.db, redis, log), ({ keys }) =>
    keys.close(),
  );
  const store = config.LOKI_URL ? null : opening.adopt(await startStore(config), (open) => open.close());
  const lokiUrl = store?.url ?? config.LOKI_URL ?? '';
  const logs = opening.adopt(await connectLoki(config, lokiUrl), (open) => open.close());
  const cache = createCache(config, redis, lokiUrl);
  const metrics = opening.adopt(new ServiceMetrics(), (open) => open.close());
  const book = opening.adopt(await openPatterns(database.db, log), (open) => open.close());
  const aiLogs: AiLogsOptions = {
    logs: timedSource(logs, (query) => metrics.observeLokiQuery(query)),
    cache,
    clock,
    patterns: () => book.patterns,
    history: new History(database.db, (error) => log.warn({ err: error }, 'going on without history')),
    ...(await aiLogsSettings(config)),
  };
  const exporting = connectExports(config, database.db, aiLogs, log);
  opening.adopt(exporting.files, (open) => open.close());
  const models = opening.adopt(await connectModels(config, database.db, log), (open) => open.close());
  const summaries = await connectSummaries(config, database.db, clock, models);
  const chat = connectChat(config, database.db, models, summaries);
  const analyses = connectAnalyses(config, database.db, clock, summaries);
  const telling = { writeOwnLines: connectOwnLines(config, lokiUrl), metrics, log };
  const alerts = connectIncidents(config, database.db, aiLogs, summaries, telling.writeOwnLines);
  const working = { exports: exporting.saved, analyses, alerts, chat };
  const jobs = opening.adopt(await startJobs(config, database.db, aiLogs, working, telling), (open) =>
    open.close(),
  );
  const streams = opening.adopt(startStreams(config, logs, book), (open) => open.close());
  const recordChange: RecordChange = (change) => recordOrLog(database.db, change, log);
  const sockets = createSockets(config, access, recordChange);
  const opened = opening.move();
  return {
    config,
    log,
    lokiUrl,
    storePid: store?.pid ?? null,
    logs,
    metrics,
    pluginDir: config.PLUGIN_DIR ?? PLUGIN_DIR,
    access,
    recordChange,
    cache,
    health: { logs, database, cache, jobs, models, clock, version: packageJson.version, startedMs: clock() },
    aiLogs,
    patterns: { store: { db: database.db, clock, patternsMax: config.PATTERNS_MAX }, book, aiLogs },
    exports: exportRoutesOptions(config, exporting, jobs),
    alerts,
    agents: connectAgents(aiLogs, database.db, recordChange, log),
    models,
    chat,
    summaries,
    factsOf: factsOfWindow(aiLogs),
    analyses,
    sockets,
    analysisSocket: connectAnalysisSocket(analyses, jobs, models, sockets),
    ringLog,
    jobs,
    streams,
    close: () => opened.disposeAsync(),
  };
}

async function aiLogsSettings(config: Config) {
  return {
    modelPrices: await readModelPrices(config.MODEL_PRICES),
    keep: { liveMs: config.CACHE_LIVE_MS, pastMs: config.CACHE_PAST_MS },
    labels: { service: config.SERVICE_LABEL, level: config.LEVEL_LABEL },
    requestIdFields: config.REQUEST_ID_FIELDS,
    linesReadMax: config.LINES_READ_MAX,
    windowHoursMax: config.WINDOW_HOURS_MAX,
    answerTimeoutMs: config.ANSWER_TIMEOUT_MS,
  };
}

function connectDatabase(config: Config, log: Logger): Promise<OpenDatabase> {
  return openDatabase({
    url: config.DATABASE_URL,
    dataDir: config.DATA_DIR,
    connectionsMax: config.DATABASE_CONNECTIONS_MAX,
    timeoutMs: config.DATABASE_TIMEOUT_MS,
    onLost: (error) => log.warn({ err: error }, 'a connection to the database was lost'),
  });
}

/** Throws when the network could read the logs without a key. */
async function connectAccess(config: Config, db: Kysely<Database>, redis: Redis | null, log: Logger) {
  const keys = await KeyRing.open(db, (error) =>
    log.warn({ err: error }, 'going on with the keys known so far'),
  );
  const loopback = isLoopback(config.HOST);
  const required = config.API_KEYS_REQUIRED || (keys.inUse && !loopback);
  if (!required && !loopback && !config.ALLOW_OPEN_ACCESS) {
    await keys.close();
    throw new AppError(
      'invalid_configuration',
      `HOST=${config.HOST} would let everybody on the network read the logs. Make a key with "sonde keys create", keep 127.0.0.1, or set ALLOW_OPEN_ACCESS=true when something in front checks who calls.`,
    );
  }
  return {
    keys,
    keysNeeded: () => required || keys.inUse,
    identify: (key: string) => keys.identify(key),
    callLimit: callLimit(config.CALLS_PER_MINUTE_MAX, redis),
  };
}

function createSockets(config: Config, access: AccessOptions, record: RecordChange): ClientSockets {
  return new ClientSockets({
    signIn: (key) => signIn(access, key),
    countCall: (caller) => countCall(access, caller),
    record,
    clientsMax: config.STREAM_CLIENTS_MAX,
    signInMs: 10_000,
  });
}

function openPatterns(db: Kysely<Database>, log: Logger): Promise<PatternBook> {
  return PatternBook.open({
    db,
    onError: (error) => log.warn({ err: error }, 'going on with the patterns that can be read'),
  });
}

/** Counted in Redis for all analyzers together; each counts for itself while Redis is away. */
function callLimit(points: number, redis: Redis | null): RateLimiterAbstract {
  const limit = { points, duration: 60 };
  const alone = new RateLimiterMemory(limit);
  if (!redis) return alone;
  const keyPrefix = 'sonde:calls';
  return new RateLimiterRedis({ ...limit, keyPrefix, storeClient: redis, insuranceLimiter: alone });
}

async function connectSharedRedis(config: Config, log: Logger): Promise<Redis | null> {
  if (!config.REDIS_URL) return null;
  return connectRedis({
    url: config.REDIS_URL,
    timeoutMs: config.REDIS_TIMEOUT_MS,
    onChange: (up, error) =>
      up ? log.info('Redis is there') : log.warn({ err: error }, 'Redis is away: going on without it'),
  });
}

function createCache(config: Config, redis: Redis | null, lokiUrl: string): Cache {
  const store = redis ? new RedisStore(redis) : new MemoryStore(config.CACHE_BYTES_MAX);
  const { LOKI_TENANT, SERVICE_LABEL, LEVEL_LABEL, REQUEST_ID_FIELDS, LINES_READ_MAX } = config;
  const settings = { LOKI_TENANT, SERVICE_LABEL, LEVEL_LABEL, REQUEST_ID_FIELDS, LINES_READ_MAX };
  return new AnswerCache(store, { version: packageJson.version, lokiUrl, ...settings });
}

/** A change that was made stays made when the database cannot note it: then the log has the line. */
async function recordOrLog(
  db: Kysely<Database>,
  change: Parameters<RecordChange>[0],
  log: Logger,
): Promise<void> {
  try {
    await recordChange(db, { ...change, nowMs: Date.now() });
  } catch (error) {
    log.error({ err: error, ...change }, 'a change could not be written to the audit log');
  }
}

function startStreams(config: Config, logs: LogSource, book: PatternBook): StreamManager {
  return new StreamManager({
    logs,
    clock: Date.now,
    labels: { service: config.SERVICE_LABEL, level: config.LEVEL_LABEL },
    clientsMax: config.STREAM_CLIENTS_MAX,
    tailsMax: config.STREAM_TAILS_MAX,
    queueBytesMax: config.STREAM_QUEUE_BYTES_MAX,
    gapLinesMax: config.STREAM_GAP_LINES_MAX,
    metricsIntervalMs: config.STREAM_METRICS_MS,
    patterns: () => book.patterns,
  });
}

async function startStore(config: Config): Promise<EmbeddedStore> {
  const dataDir = path.join(config.DATA_DIR, 'loki');
  await mkdir(dataDir, { recursive: true });
  return EmbeddedStore.start({ dataDir, port: config.LOKI_PORT });
}
