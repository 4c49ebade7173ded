// npm run bench [-- --lines 1000000]: what the whole stack does with a million lines, on a store process of its own.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { generateSample, pushSample } from '@sonde/loki-sample';
import { bar, endProgress, showProgress } from '../src/cli/progress.ts';
import { askService } from '../src/cli/query.ts';
import { readConfig } from '../src/config.ts';
import { type RunningService, startService } from '../src/main.ts';
import { type BenchRow, reportRows } from './rows.ts';

const RUNS = 5;
const WINDOW_MS = 3_600_000;
const END_MS = Date.UTC(2026, 10, 20, 12);

const { values: options } = parseArgs({ options: { lines: { type: 'string', default: '1000000' } } });
const lines = Number(options.lines);
if (!(lines >= 10_000 && lines <= 10_000_000)) throw new Error('--lines must be between 10000 and 10000000');

const folder = await mkdtemp(path.join(tmpdir(), 'sonde-bench-'));
const service = await startService(
  readConfig({
    DATA_DIR: folder,
    PORT: '0',
    LOKI_PORT: '0',
    LOG_LEVEL: 'error',
  }),
);
try {
  const rows = [...(await push(service)), ...(await ask(service)), ...(await memory(service))];
  await reportRows('stack', rows, { lines });
} finally {
  await service.close();
  await rm(folder, { recursive: true, force: true });
}

/** The sample's generator runs in this process meanwhile: the figure is of both together. */
async function push({ deps }: RunningService): Promise<BenchRow[]> {
  // Two windows hold the lines: half of them are the baseline of the other half.
  const range = { startMs: END_MS - 2 * WINDOW_MS, endMs: END_MS };
  const linesPerSecond = (lines * 1_000) / (2 * WINDOW_MS);
  const startedMs = performance.now();
  const { lines: sent } = await pushSample(
    generateSample({ scenario: 'pool-exhaustion', seed: 1, linesPerSecond, ...range }),
    {
      url: deps.lokiUrl,
      onProgress: (done) =>
        showProgress(`  pushing ${bar(done.lines / lines)} ${done.lines.toLocaleString('en')} lines`),
    },
  );
  endProgress();
  const seconds = (performance.now() - startedMs) / 1_000;
  return [
    { what: 'lines in the store', value: sent, unit: 'lines' },
    { what: 'pushed (generated, JSON, gzip, one client)', value: sent / seconds, unit: 'lines/s' },
  ];
}

async function ask({ url, deps }: RunningService): Promise<BenchRow[]> {
  const signal = AbortSignal.timeout(600_000);
  const range = { startMs: END_MS - 2 * WINDOW_MS, endMs: END_MS };
  // A window that nobody asked for before is not in the cache.
  let asked = 0;
  const cold = (mode: string) => () =>
    askService(url, { mode, end: new Date(END_MS - 1_000 * asked++).toISOString(), time_range: '1h' });
  const count = (query: string) => () => deps.logs.countOverTime({ query, range, stepMs: 60_000, signal });
  const cached = () => askService(url, { end: new Date(END_MS).toISOString(), time_range: '1h' });
  const questions: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      'count by service, one minute steps',
      count('sum by (service) (count_over_time({env="production"} [$step]))'),
    ],
    [
      'count of |~ "(?i)error|fail"',
      count('sum(count_over_time({env="production"} |~ "(?i)error|fail" [$step]))'),
    ],
    ['answer of mode troubleshoot', cold('troubleshoot')],
    ['answer of mode errors', cold('errors')],
    ['answer of mode performance', cold('performance')],
    ['the same answer of troubleshoot again', cached],
  ];
  const rows: BenchRow[] = [];
  for (const [what, run] of questions) rows.push({ what, value: await median(run), unit: 'ms' });
  return rows;
}

async function memory({ deps }: RunningService): Promise<BenchRow[]> {
  const rows = [
    { what: 'memory of the analyzer, highest', value: process.resourceUsage().maxRSS / 1_024, unit: 'MB' },
  ];
  const status = await readFile(`/proc/${deps.storePid}/status`, 'utf8').catch(() => '');
  const highest = /VmHWM:\s+(\d+)/.exec(status)?.[1];
  if (highest)
    rows.push({ what: 'memory of the store, highest', value: Number(highest) / 1_024, unit: 'MB' });
  const now = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  if (now) rows.push({ what: 'memory of the store, now', value: Number(now) / 1_024, unit: 'MB' });
  return rows;
}

async function median(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < RUNS; index++) {
    const startedMs = performance.now();
    await run();
    times.push(performance.now() - startedMs);
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}
