import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { generateSample } from './sample.ts';

const SEEDS = 100;
const MINUTES = 20;

/** Lines by stream in each minute: the counts of one seed. */
type MinuteCounts = ReadonlyMap<string, readonly number[]>;
let runs: readonly MinuteCounts[] = [];

before(() => {
  runs = Array.from({ length: SEEDS }, (_, seed) => countByMinute(seed));
});

function countByMinute(seed: number): MinuteCounts {
  const startMs = Date.UTC(2026, 10, 21, seed % 24);
  const endMs = startMs + MINUTES * 60_000;
  const counts = new Map<string, number[]>();
  for (const { labels, timeMs } of generateSample({
    scenario: 'none',
    seed,
    startMs,
    endMs,
    linesPerSecond: 10,
  })) {
    const minute = Math.floor((timeMs - startMs) / 60_000);
    for (const stream of ['all', labels.level, `${labels.service} ${labels.level}`]) {
      const minutes = counts.get(stream) ?? Array<number>(MINUTES).fill(0);
      minutes[minute] = (minutes[minute] ?? 0) + 1;
      counts.set(stream, minutes);
    }
  }
  return counts;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const minutesOf = (run: MinuteCounts, stream: string): readonly number[] =>
  run.get(stream) ?? Array<number>(MINUTES).fill(0);

/** Variance over mean, pooled over all seeds: 1 for independent events, more for bursts. */
function dispersion(stream: string): number {
  const squares = runs.map((run) => {
    const minutes = minutesOf(run, stream);
    const mean = sum(minutes) / MINUTES;
    return sum(minutes.map((count) => (count - mean) ** 2)) / (MINUTES - 1);
  });
  return sum(squares) / (sum(runs.flatMap((run) => minutesOf(run, stream))) / MINUTES);
}

void test('errors and warnings are a small share that is the same in every run', () => {
  for (const [level, low, high] of [
    ['error', 0.0001, 0.005],
    ['warn', 0.003, 0.012],
  ] as const) {
    for (const run of runs) {
      const share = sum(minutesOf(run, level)) / sum(minutesOf(run, 'all'));
      assert.ok(share > low && share < high, `${level}: ${share}`);
    }
  }
});

// One refused login is a warning of three services: by service they are independent, together they are not.
void test('errors and warnings of a service come one by one, never in bursts', () => {
  for (const stream of [
    'error',
    'gateway error',
    'api error',
    'database error',
    'auth warn',
    'gateway warn',
    'api warn',
  ]) {
    const value = dispersion(stream);
    assert.ok(value > 0.8 && value < 1.25, `${stream}: ${value}`);
  }
});

void test('no minute has more errors than chance gives in all these minutes together', () => {
  for (const level of ['error', 'warn']) {
    const mean = sum(runs.flatMap((run) => minutesOf(run, level))) / (SEEDS * MINUTES);
    const most = Math.max(...runs.flatMap((run) => minutesOf(run, level)));
    assert.ok(most < mean + 6 * Math.sqrt(mean) + 4, `${level}: ${most} in a minute, ${mean} on average`);
  }
});

void test('every run has the asked rate, and the second half is as busy as the first', () => {
  for (const run of runs) {
    const minutes = minutesOf(run, 'all');
    assert.ok(Math.abs(sum(minutes) / (MINUTES * 600) - 1) < 0.15);
    const first = sum(minutes.slice(0, MINUTES / 2));
    assert.ok(Math.abs(first / (sum(minutes) - first) - 1) < 0.25);
  }
});

void test('no service falls silent for two minutes', () => {
  for (const service of [
    'gateway',
    'api',
    'anythingllm',
    'worker',
    'payments',
    'search',
    'auth',
    'database',
  ]) {
    for (const run of runs) {
      const minutes = minutesOf(run, `${service} info`);
      assert.ok(
        minutes.every((count, index) => count + (minutes[index + 1] ?? 1) > 0),
        service,
      );
    }
  }
});
