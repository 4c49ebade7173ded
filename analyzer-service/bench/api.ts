// npm run bench:api [-- --lines 1000000 --clients 1000 --minutes 10 --only export,stream,answers,alert,memory]: the
// API under load, with the store and the service each in a process of its own. The part `memory` runs only when it is
// named, as does `alert`: half of the lines are in the window of the alert and half before it, so that a million lines in
// the window take --lines 2000000.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { generateSample, pushSample } from '@sonde/loki-sample';
import { EmbeddedStore } from '../src/adapters/loki/embedded-store.ts';
import { bar, endProgress, showProgress } from '../src/cli/progress.ts';
import { TcpProxy } from '../src/testing/tcp-proxy.ts';
import { benchAlerts } from './api/alerts.ts';
import { benchExport } from './api/exports.ts';
import { benchMemory } from './api/memory.ts';
import { benchMixedClients, benchTroubleshoot } from './api/mixed-clients.ts';
import { ServiceProcess } from './api/service-process.ts';
import { benchStream } from './api/stream.ts';
import { type BenchRow, reportRows } from './rows.ts';

const END_MS = Date.UTC(2026, 10, 20, 12);
const END = new Date(END_MS).toISOString();
/** Half of the lines are the baseline of the other half. */
const RANGE = { startMs: END_MS - 2 * 3_600_000, endMs: END_MS };

const { values: options } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    clients: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '10' },
    only: { type: 'string', default: 'export,stream,answers' },
  },
});
const lines = Number(options.lines);
const parts = options.only.split(',');

const folder = await mkdtemp(path.join(tmpdir(), 'sonde-bench-'));
const closing: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  const store = await EmbeddedStore.start({ dataDir: folder, port: 0 });
  closing.push(() => store.close());
  const rows: BenchRow[] = [];
  if (['export', 'answers', 'alert', 'memory'].some((part) => parts.includes(part))) await fill(store.url);
  if (parts.includes('export')) {
    const window = { start: new Date(RANGE.startMs).toISOString(), end: END };
    for (const format of ['ndjson', 'csv', 'xlsx'])
      await withService(store.url, async (service) => {
        rows.push(...(await benchExport(service, window, format)));
      });
  }
  if (parts.includes('answers'))
    await withService(store.url, async (service) => {
      rows.push(...(await benchTroubleshoot(service, END)), ...(await benchMixedClients(service, END)));
    });
  if (parts.includes('alert')) {
    const start = async (GRAFANA_URL: string) =>
      startService(store.url, {
        DATA_DIR: await mkdtemp(path.join(folder, 'alerts-')),
        GRAFANA_URL,
        GRAFANA_TOKEN: 'bench',
        INCIDENT_LINES: 'false',
        LEARN_ENABLED: 'false',
        INCIDENT_BEFORE_MINUTES: '45',
        INCIDENT_AFTER_MINUTES: '15',
      });
    rows.push(...(await benchAlerts({ start, faultMs: END_MS - 15 * 60_000 })));
  }
  if (parts.includes('memory'))
    await withService(store.url, async (service) => {
      rows.push(...(await benchMemory(service, END_MS, Number(options.minutes))));
    });
  if (parts.includes('stream')) {
    const proxy = await TcpProxy.before(
      { after: (stop) => closing.push(async () => (stop as () => void)()) },
      store.url,
    );
    await withService(proxy.url, async (service) => {
      rows.push(...(await benchStream(service, store.url, Number(options.clients))));
      rows.push({ what: 'tails opened for them', value: proxy.tailsOpened, unit: 'tails' });
    });
  }
  await reportRows('api', rows, { lines });
} finally {
  for (const close of closing.reverse()) await close();
}

async function fill(url: string): Promise<void> {
  const linesPerSecond = (lines * 1_000) / (RANGE.endMs - RANGE.startMs);
  await pushSample(generateSample({ scenario: 'pool-exhaustion', seed: 1, linesPerSecond, ...RANGE }), {
    url,
    onProgress: (done) =>
      showProgress(`  pushing ${bar(done.lines / lines)} ${done.lines.toLocaleString('en')} lines`),
  });
  endProgress();
}

function startService(lokiUrl: string, settings: Record<string, string>): Promise<ServiceProcess> {
  return ServiceProcess.start({
    LOKI_URL: lokiUrl,
    REQUESTS_AT_ONCE_MAX: '128',
    CALLS_PER_MINUTE_MAX: '100000',
    ...settings,
  });
}

async function withService(lokiUrl: string, run: (service: ServiceProcess) => Promise<void>): Promise<void> {
  const service = await startService(lokiUrl, { DATA_DIR: folder });
  try {
    await run(service);
  } finally {
    await service.close();
  }
}
