import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Logger, pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { EmbeddedStore } from './adapters/loki/embedded-store.ts';
import { LokiLogSource } from './adapters/loki/loki-log-source.ts';
import { readModelPrices } from './adapters/files/model-prices.ts';
import type { Config } from './config.ts';
import type { AiLogsOptions } from './features/ai-logs/read-context.ts';
import type { CheckHealthOptions } from './features/health/check-health.ts';

/** Everything that the features need, connected. */
export interface Deps {
  readonly config: Config;
  readonly log: Logger;
  readonly lokiUrl: string;
  /** The process of the embedded store; null when LOKI_URL names a Loki. */
  readonly storePid: number | null;
  readonly logs: LokiLogSource;
  readonly health: CheckHealthOptions;
  readonly aiLogs: AiLogsOptions;
  close(): Promise<void>;
}

/** The only place where adapters are chosen. What was opened is closed again when a later step fails. */
export async function connectDeps(config: Config): Promise<Deps> {
  const log = pino({ level: config.LOG_LEVEL });
  const modelPrices = await readModelPrices(config.MODEL_PRICES);
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
      timeoutMs: config.LOKI_TIMEOUT_MS,
      parallelQueries: config.LOKI_PARALLEL_QUERIES,
      answerBytesMax: config.LOKI_ANSWER_BYTES_MAX,
    },
    labels,
    config.LOKI_ENTRIES_PER_QUERY,
  );
  const clock = Date.now;
  return {
    config,
    log,
    lokiUrl,
    storePid: store?.pid ?? null,
    logs,
    health: { logs, clock, version: packageJson.version, startedMs: clock() },
    aiLogs: {
      logs,
      clock,
      labels,
      requestIdFields: config.REQUEST_ID_FIELDS,
      modelPrices,
      linesReadMax: config.LINES_READ_MAX,
      windowHoursMax: config.WINDOW_HOURS_MAX,
      answerTimeoutMs: config.ANSWER_TIMEOUT_MS,
    },
    close: async () => {
      await logs.close();
      await store?.close();
    },
  };
}

async function startStore(config: Config): Promise<EmbeddedStore> {
  const dataDir = path.join(config.DATA_DIR, 'loki');
  await mkdir(dataDir, { recursive: true });
  return EmbeddedStore.start({ dataDir, port: config.LOKI_PORT });
}
