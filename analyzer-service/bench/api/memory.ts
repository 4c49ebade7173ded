import { setTimeout as delay } from 'node:timers/promises';
import type { BenchRow } from '../rows.ts';
import type { ServiceProcess } from './service-process.ts';

const CLIENTS = 4;
const PAUSE_MS = 250;
const SAMPLE_MS = 2_000;
/** Caches and the heap fill up first: the slope is that of what comes after. */
const WARM_UP_SHARE = 0.3;
const MINUTE_MS = 60_000;

interface Sample {
  readonly minute: number;
  /** Megabytes. */
  readonly resident: number;
  readonly heap: number;
}

/** A few clients ask on and on, each time for another window, so that the cache does not take the work away. */
export async function benchMemory(
  service: ServiceProcess,
  endMs: number,
  minutes: number,
): Promise<BenchRow[]> {
  const stopMs = performance.now() + minutes * MINUTE_MS;
  const state = { answers: 0, errors: 0 };
  const samples: Sample[] = [];
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let turn = 0; performance.now() < stopMs; turn++) {
      const response = await ask(service, client, turn, endMs);
      state.answers++;
      if (!response.ok) state.errors++;
      await response.arrayBuffer();
      await delay(PAUSE_MS);
    }
  });
  const startedMs = performance.now();
  while (performance.now() < stopMs) {
    const minute = (performance.now() - startedMs) / MINUTE_MS;
    const [{ now }, heap] = await Promise.all([service.memory(), heapOf(service)]);
    samples.push({ minute, resident: now, heap });
    await delay(SAMPLE_MS);
  }
  await Promise.all(clients);
  const steady = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const name = `steady load for ${minutes} min`;
  return [
    { what: `${name}: answers`, value: state.answers, unit: 'answers' },
    { what: `${name}: errors`, value: state.errors, unit: 'answers' },
    { what: `${name}: memory, highest`, value: (await service.memory()).highest, unit: 'MB' },
    { what: `${name}: memory, growth`, value: slope(steady, 'resident'), unit: 'MB/min' },
    { what: `${name}: heap in use, growth`, value: slope(steady, 'heap'), unit: 'MB/min' },
    { what: `${name}: heap in use, least at the end`, value: least(steady.slice(-20)), unit: 'MB' },
    { what: `${name}: heap in use, least before`, value: least(steady.slice(0, 20)), unit: 'MB' },
  ];
}

function ask(service: ServiceProcess, client: number, turn: number, endMs: number): Promise<Response> {
  const end = new Date(endMs - ((turn * CLIENTS + client) % 3_000) * 1_000).toISOString();
  const base = `${service.url}/api/v1/ai_logs`;
  const questions = [
    `query?mode=troubleshoot&time_range=10m&end=${end}`,
    `query?mode=errors&time_range=5m&end=${end}`,
    `analyze?time_range=5m&end=${end}`,
    `metrics?time_range=15m&end=${end}`,
    `correlate?time_range=5m&end=${end}`,
    'health',
  ];
  return fetch(`${base}/${questions[(client + turn) % questions.length]}`);
}

async function heapOf({ url }: ServiceProcess): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(text)?.[1] ?? Number.NaN) / 1e6;
}

const least = (samples: readonly Sample[]): number => Math.min(...samples.map(({ heap }) => heap));

/** Of the straight line through the samples, by least squares. */
function slope(samples: readonly Sample[], of: 'resident' | 'heap'): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = samples.map(({ minute }) => minute);
  const y = samples.map((sample) => sample[of]);
  const [meanX, meanY] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, index) => sum + (value - meanX) * ((y[index] ?? 0) - meanY), 0);
  return covariance / x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
}
