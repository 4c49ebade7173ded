import { once } from 'node:events';
import v8 from 'node:v8';
import { SCENARIOS } from '@sonde/loki-sample';
import { type Config, readConfig } from '../config.ts';
import { queryAiLogs } from '../features/ai-logs/query-ai-logs.ts';
import { querySchema } from '../features/ai-logs/schema.ts';
import { type RunningService, startService } from '../main.ts';
import { buildPage } from './build-page.ts';
import { loadSample } from './load-sample.ts';
import { writeReport } from './report.ts';
import { stopSignal } from './stop-signal.ts';
import { paint } from './terminal.ts';

export interface ServeOptions {
  readonly sample?: boolean;
  readonly page?: boolean;
  readonly data?: string;
  readonly port?: string;
  readonly lokiPort?: string;
}

const SCENARIO = SCENARIOS[0];
const SAMPLE = { seed: 1, linesPerSecond: 12, lengthMs: 3_600_000 };
const FINDINGS_SHOWN = 3;
const LOOK_BACK_MS = 30 * 24 * 3_600_000;

/**
 * What an answer read from Loki is garbage soon. V8 would let its heap grow to a multiple of what is in use before it
 * collects; with this, and --max-semi-space-size where the service is started, an export of a million lines takes
 * 260 MB instead of 360, and a tenth longer.
 */
const V8_FLAGS = '--heap-growing-percent=80';

/** Starts the stack, shows the sample when asked, and runs until it is told to stop. */
export async function runStack({ sample, page, data, port, lokiPort }: ServeOptions): Promise<void> {
  v8.setFlagsFromString(V8_FLAGS);
  const signal = stopSignal();
  const overrides = {
    DATA_DIR: data,
    PORT: port,
    LOKI_PORT: lokiPort,
    PAGE_ENABLED: page === false ? 'false' : undefined,
  };
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  const config = readConfig({ ...process.env, ...given });
  say(
    config.LOKI_URL
      ? `Starting the analyzer for ${config.LOKI_URL} ...`
      : 'Starting the embedded store and the analyzer ...',
  );
  const service = await startService(config);
  try {
    printAddresses(service, config);
    if (sample && service.deps.storePid !== null) await showSample(service, config, signal);
    const built = config.PAGE_ENABLED ? showPage(service, signal) : Promise.resolve();
    say(
      `\nRunning. Ctrl-C stops ${config.LOKI_URL ? 'it' : `everything; the logs stay in ${config.DATA_DIR}`}.`,
    );
    if (!signal.aborted) await once(signal, 'abort');
    await built;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    say('\nStopping ...');
    await service.close();
  }
}

function printAddresses({ url, deps }: RunningService, { DATA_DIR }: Config): void {
  const store = deps.storePid !== null ? `${deps.lokiUrl}  (embedded, data in ${DATA_DIR})` : deps.lokiUrl;
  say(`  Loki API   ${paint('cyan', store)}`);
  say(`  Analyzer   ${paint('cyan', `${url}/api/v1/ai_logs/query?mode=troubleshoot&time_range=30m`)}`);
  say(`  API page   ${paint('cyan', `${url}/docs`)}`);
}

/** The answer above does not wait for the page, whose first build takes a minute or two. */
async function showPage({ url, deps }: RunningService, signal: AbortSignal): Promise<void> {
  if (await buildPage(deps.pluginDir, say, signal)) say(`  In a browser: ${paint('cyan', url)}`);
}

/** Loads the sample into an empty store, then asks the service itself what happened in the newest half hour. */
async function showSample(service: RunningService, config: Config, signal: AbortSignal): Promise<void> {
  const { deps } = service;
  const nowMs = Date.now();
  const query = `{${config.SERVICE_LABEL}=~".+"}`;
  const range = { startMs: nowMs - LOOK_BACK_MS, endMs: nowMs + 60_000 };
  const [newest] = await deps.logs.readLines({ query, range, limit: 1, signal });
  let endMs = newest ? Math.min(newest.timeMs, nowMs) : nowMs;
  if (newest) {
    say(
      `\nThe store holds logs already, the newest of ${new Date(newest.timeMs).toISOString()}: no sample was loaded.`,
    );
  } else if (SCENARIO) {
    say(`\nThe store is empty: loading an hour of a made-up shop with a fault in it (${SCENARIO.name}).`);
    const { lengthMs, ...sample } = SAMPLE;
    const startMs = nowMs - lengthMs;
    const lines = await loadSample({
      ...sample,
      url: deps.lokiUrl,
      scenario: SCENARIO.name,
      startMs,
      endMs: nowMs,
      signal,
    });
    say(`  ${lines.toLocaleString('en')} lines. sonde simulate --help shows the other scenarios.`);
    endMs = nowMs;
  }
  say('\nAsking the analyzer what happened in the last half hour of them ...\n');
  const question = querySchema.parse({ time_range: '30m', end: new Date(endMs).toISOString() });
  const answer = await queryAiLogs(deps.aiLogs, question, signal);
  say(writeReport(answer, FINDINGS_SHOWN));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
