import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BENCH_START_MS, benchBodies } from './bench-lines.ts';
import { StoreProcess } from '../src/testing/store-process.ts';
import { measureTail } from './tail-bench.ts';

type Figure = { readonly name: string; readonly value: number; readonly unit: string; readonly goal: string };

const MILLION = 1_000_000;
const CONCURRENT_PUSHES = 4;
/** How many bodies are made ready before the clock runs. */
const BATCH_BODIES = 64;
const PAGE_LINES = 5000;
const REPETITIONS = 3;
const RESULTS = fileURLToPath(new URL('../../../bench-results/', import.meta.url));

const figures: Figure[] = [];

function note(name: string, value: number, unit: string, goal: string): void {
  figures.push({ name, value: Math.round(value * 1000) / 1000, unit, goal });
  console.log(
    `${name.padEnd(62)} ${String(Math.round(value * 1000) / 1000).padStart(10)} ${unit.padEnd(8)} ${goal}`,
  );
}

/** Pushes lines [from, from + count) and answers the seconds that the requests took. */
async function push(url: string, fromLine: number, lines: number): Promise<number> {
  let seconds = 0;
  const bodies = benchBodies({ fromLine, lines });
  for (;;) {
    const batch: string[] = [];
    while (batch.length < BATCH_BODIES) {
      const next = bodies.next();
      if (next.done) break;
      batch.push(next.value);
    }
    if (batch.length === 0) return seconds;
    const from = performance.now();
    const send = async (): Promise<void> => {
      for (let body = batch.shift(); body !== undefined; body = batch.shift()) {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(`${url}/loki/api/v1/push`, { method: 'POST', headers, body });
        if (response.status !== 204) throw new Error(`push: ${response.status} ${await response.text()}`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT_PUSHES }, send));
    seconds += (performance.now() - from) / 1000;
  }
}

async function get(
  url: string,
  endpoint: string,
  parameters: Record<string, string>,
): Promise<{ data: { result: { values: [string, string][] }[] } }> {
  const response = await fetch(
    `${url}/loki/api/v1/${endpoint}?${new URLSearchParams(parameters).toString()}`,
  );
  if (response.status !== 200) throw new Error(`${endpoint}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { data: { result: { values: [string, string][] }[] } };
}

/** The best of a few runs, in seconds. */
async function timeQuery(url: string, query: string, lines: number): Promise<number> {
  const parameters = {
    query,
    start: `${BENCH_START_MS}000000`,
    end: `${BENCH_START_MS + lines}000000`,
    step: '60',
  };
  let best = Infinity;
  for (let run = 0; run < REPETITIONS; run += 1) {
    const from = performance.now();
    await get(url, 'query_range', parameters);
    best = Math.min(best, (performance.now() - from) / 1000);
  }
  return best;
}

async function readAll(url: string, lines: number): Promise<number> {
  const from = performance.now();
  const end = `${BENCH_START_MS + lines}000000`;
  let start = `${BENCH_START_MS}000000`;
  let read = 0;
  while (read < lines) {
    const parameters = {
      query: '{env="bench"}',
      start,
      end,
      limit: String(PAGE_LINES),
      direction: 'forward',
    };
    const { data } = await get(url, 'query_range', parameters);
    let newest = 0n;
    for (const { values } of data.result)
      for (const [timestamp] of values) {
        read += 1;
        if (BigInt(timestamp) > newest) newest = BigInt(timestamp);
      }
    if (newest === 0n) throw new Error(`only ${read} of ${lines} lines were read`);
    start = String(newest + 1n);
  }
  return (performance.now() - from) / 1000;
}

async function measureMillion(store: StoreProcess): Promise<void> {
  await push(store.url, 0, 100_000);
  const seconds = await push(store.url, 100_000, MILLION - 100_000);
  note('push, JSON, 1 MB requests, 4 at a time', (MILLION - 100_000) / seconds, 'lines/s', '>= 150000');
  const count = 'sum by (service) (count_over_time({env="bench"}[1m]))';
  note(`1 M lines: ${count}`, await timeQuery(store.url, count, MILLION), 's', '<= 0.1');
  const regex = 'sum(count_over_time({env="bench"} |~ "(?i)error|fail" [1m]))';
  note(`1 M lines: ${regex}`, await timeQuery(store.url, regex, MILLION), 's', '<= 0.4');
  const json = 'sum(count_over_time({env="bench"} | json | level="error" [1m]))';
  note(`1 M lines: ${json}`, await timeQuery(store.url, json, MILLION), 's', '<= 0.3');
  note('1 M lines read out in pages of 5000', await readAll(store.url, MILLION), 's', '<= 6');
}

async function measureTenMillion(store: StoreProcess, dataDir: string): Promise<void> {
  const seconds = await push(store.url, MILLION, 9 * MILLION);
  note('push of 9 M more lines', (9 * MILLION) / seconds, 'lines/s', '');
  note('memory with 10 M lines stored', await store.memoryMegabytes(), 'MB', '< 400');
  const count = 'sum by (service) (count_over_time({env="bench"}[1m]))';
  note('10 M lines: count by service', await timeQuery(store.url, count, 10 * MILLION), 's', '');
  note('memory after it', await store.memoryMegabytes(), 'MB', '< 400');
  await store.stop();
  const again = await StoreProcess.start(dataDir);
  note('start with 10 M lines stored', again.startMs / 1000, 's', '< 1');
  await again.stop();
}

async function main(): Promise<void> {
  const small = process.argv.includes('--small');
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sonde-bench-'));
  try {
    const store = await StoreProcess.start(dataDir);
    await measureMillion(store);
    const { medianMs, lines } = await measureTail(store.url);
    note(`tail to 200 clients, ${lines} lines each: median from push to client`, medianMs, 'ms', '< 50');
    if (small) await store.stop();
    else await measureTenMillion(store, dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  await mkdir(RESULTS, { recursive: true });
  const file = path.join(RESULTS, 'loki-embedded.json');
  await writeFile(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), node: process.version, figures }, null, 2)}\n`,
  );
  console.log(`written to ${path.relative(process.cwd(), file)}`);
}

await main();
