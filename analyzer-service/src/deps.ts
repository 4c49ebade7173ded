import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Logger, pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { EmbeddedStore } from './adapters/loki/embedded-store.ts';
import { LokiLogSource } from './adapters/loki/loki-log-source.ts';
import type { Config } from './config.ts';
import { AppError } from './errors.ts';
import { type QueryAiLogsOptions, queryAiLogs } from './features/ai-logs/query-ai-logs.ts';
import { timeWindow } from './features/ai-logs/time-window.ts';
import { Exports } from './features/export/run-export.ts';
import type { CheckHealthOptions } from './features/health/check-health.ts';
import { StreamManager } from './features/stream/stream-manager.ts';

/** Everything that the features need, connected. */
export interface Deps {
  readonly config: Config;
  readonly log: Logger;
  readonly lokiUrl: string;
  /** The process of the embedded store; null when LOKI_URL names a Loki. */
  readonly storePid: number | null;
  readonly logs: LokiLogSource;
  readonly health: CheckHealthOptions;
  readonly aiLogs: QueryAiLogsOptions;
  readonly exports: Exports;
  readonly streams: StreamManager;
  close(): Promise<void>;
}

/** The only place where adapters are chosen. What was opened is closed again when a later step fails. */
export async function connectDeps(config: Config): Promise<Deps> {
  const log = pino({ level: config.LOG_LEVEL });
  const ca = await readCertificates(config);
  const store = config.LOKI_URL ? null : await startStore(config);
  const lokiUrl = store?.url ?? config.LOKI_URL ?? '';
  const labels = { service: config.SERVICE_LABEL, level: config.LEVEL_LABEL };
  const logs = new LokiLogSource(
    {
      url: lokiUrl,
      tenant: config.LOKI_TENANT,
      username: config.LOKI_USERNAME,
      password: config.LOKI_PASSWORD,
      token: config.LOKI_TOKEN,
      ca,
      timeoutMs: config.LOKI_TIMEOUT_MS,
      retriesMax: config.LOKI_RETRIES_MAX,
      parallelQueries: config.LOKI_PARALLEL_QUERIES,
      answerBytesMax: config.LOKI_ANSWER_BYTES_MAX,
    },
    labels,
    {
      entriesPerQuery: config.LOKI_ENTRIES_PER_QUERY,
      rangeMsMax: config.LOKI_RANGE_HOURS_MAX * 3_600_000,
      bytesPerAnswerMax: config.LOKI_BYTES_PER_ANSWER_MAX,
    },
  );
  const clock = Date.now;
  const aiLogs: QueryAiLogsOptions = {
    logs,
    clock,
    labels,
    requestIdFields: config.REQUEST_ID_FIELDS,
    linesReadMax: config.LINES_READ_MAX,
    windowHoursMax: config.WINDOW_HOURS_MAX,
    answerTimeoutMs: config.ANSWER_TIMEOUT_MS,
  };
  const exports = connectExports(config, aiLogs);
  const streams = new StreamManager({
    logs,
    clock,
    labels,
    clientsMax: config.STREAM_CLIENTS_MAX,
    tailsMax: config.STREAM_TAILS_MAX,
    queueBytesMax: config.STREAM_QUEUE_BYTES_MAX,
    gapLinesMax: config.STREAM_GAP_LINES_MAX,
    metricsIntervalMs: config.STREAM_METRICS_MS,
  });
  return {
    config,
    log,
    lokiUrl,
    storePid: store?.pid ?? null,
    logs,
    health: { logs, clock, version: packageJson.version, startedMs: clock() },
    aiLogs,
    exports,
    streams,
    close: async () => {
      await streams.close();
      await logs.close();
      await store?.close();
    },
  };
}

const MODE = { mode: 'troubleshoot', baseline: 'previous', limit: 1_000 } as const;

/** An export means the same window and finds the same as the query endpoint. */
function connectExports(config: Config, aiLogs: QueryAiLogsOptions): Exports {
  return new Exports({
    logs: aiLogs.logs,
    labels: aiLogs.labels,
    linesMax: config.EXPORT_LINES_MAX,
    exportsMax: config.EXPORTS_AT_ONCE_MAX,
    timeoutMs: config.EXPORT_TIMEOUT_MS,
    windowOf: ({ time_range, start, end }) =>
      timeWindow({ ...MODE, time_range, start, end }, aiLogs.clock(), aiLogs.windowHoursMax).window,
    findingsOf: async ({ time_range, start, end, services, severity, search }, signal) => {
      const query = { ...MODE, time_range, start, end, services, severity, search };
      return (await queryAiLogs(aiLogs, query, signal)).findings;
    },
  });
}

async function readCertificates({ LOKI_CA_FILE }: Config): Promise<string | undefined> {
  if (!LOKI_CA_FILE) return undefined;
  try {
    return await readFile(LOKI_CA_FILE, 'utf8');
  } catch (error) {
    throw new AppError(
      'invalid_configuration',
      `LOKI_CA_FILE cannot be read: ${(error as Error).message}. Name a file with certificates in PEM.`,
      { cause: error },
    );
  }
}

async function startStore(config: Config): Promise<EmbeddedStore> {
  const dataDir = path.join(config.DATA_DIR, 'loki');
  await mkdir(dataDir, { recursive: true });
  return EmbeddedStore.start({ dataDir, port: config.LOKI_PORT });
}
