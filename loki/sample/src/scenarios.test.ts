import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateSample, SCENARIOS } from './sample.ts';
import type { SampleLine, ScenarioName } from './sample.ts';

const START_MS = Date.UTC(2026, 10, 21, 9);
const END_MS = START_MS + 40 * 60_000;

/** What only the fault writes, on the service that has it. */
const TRACES: Readonly<Record<ScenarioName, RegExp | null>> = {
  'pool-exhaustion': /HikariPool-1 - Connection is not available|connection leak/,
  'bad-deploy': /nil pointer dereference|audit: deployment applied/,
  'model-limits': /model call timed out|429 Too Many Requests/,
  'disk-full': /No space left on device/,
  'login-attack': /account locked/,
  'silent-service': null,
  'slow-dependency': null,
};

function sample(scenario: ScenarioName | 'none', seed = 5): SampleLine[] {
  return [...generateSample({ scenario, seed, startMs: START_MS, endMs: END_MS, linesPerSecond: 30 })];
}

function faultStartMs(name: ScenarioName): number {
  const share = SCENARIOS.find((scenario) => scenario.name === name)?.faultStartShare ?? Number.NaN;
  return START_MS + share * (END_MS - START_MS);
}

void test('without a scenario no line is one that a fault writes', () => {
  for (const line of sample('none')) {
    for (const trace of Object.values(TRACES)) assert.doesNotMatch(line.text, trace ?? /(?!)/);
  }
});

for (const { name, rootCause } of SCENARIOS) {
  const trace = TRACES[name];
  if (trace === null) continue;
  void test(`${name} leaves its trace on ${rootCause}, and only after the fault began`, () => {
    const traces = sample(name).filter((line) => line.labels.service === rootCause && trace.test(line.text));
    assert.ok(traces.length >= 20, `${traces.length} lines`);
    assert.ok((traces[0]?.timeMs ?? 0) >= faultStartMs(name));
    assert.ok((traces[0]?.timeMs ?? Infinity) < faultStartMs(name) + 60_000);
  });
}

void test('before the fault a scenario is the quiet shop, line for line', () => {
  const quiet = sample('none');
  for (const { name } of SCENARIOS) {
    const before = sample(name).filter((line) => line.timeMs < faultStartMs(name) - 1000);
    assert.deepEqual(before, quiet.slice(0, before.length));
  }
});

void test('where errors cascade, the gateway and the api complain more than the cause', () => {
  for (const name of ['pool-exhaustion', 'bad-deploy', 'model-limits', 'disk-full'] as const) {
    const errors = Object.groupBy(
      sample(name).filter((line) => line.timeMs >= faultStartMs(name) && line.labels.level === 'error'),
      (line) => line.labels.service,
    );
    const rootCause = SCENARIOS.find((scenario) => scenario.name === name)?.rootCause ?? 'api';
    const own = errors[rootCause]?.length ?? 0;
    assert.ok((errors.api?.length ?? 0) > 1.3 * own, name);
    assert.ok((errors.gateway?.length ?? 0) > 1.3 * own, name);
  }
});

void test('an exhausted pool shows at payments before it shows at the api', () => {
  const after = sample('pool-exhaustion').filter((line) => line.timeMs >= faultStartMs('pool-exhaustion'));
  const first = (service: string, text: RegExp): number =>
    after.find((line) => line.labels.service === service && text.test(line.text))?.timeMs ?? Number.NaN;
  assert.ok(first('payments', /leak detection triggered/) < first('api', /timed out/));
});

void test('the silent worker writes nothing after the fault, while receipts are still queued and pile up', () => {
  const after = sample('silent-service').filter(
    (line) => line.timeMs >= faultStartMs('silent-service') + 10_000,
  );
  assert.equal(after.filter((line) => line.labels.service === 'worker').length, 0);
  assert.ok(after.some((line) => line.text.includes('receipt queued')));
  const depths = after
    .flatMap((line) => /"queue depth".*"waiting":(\d+)/.exec(line.text)?.[1] ?? [])
    .map(Number);
  assert.ok((depths.at(-1) ?? 0) > 10 * Math.max(1, depths[0] ?? 0));
});

void test('the slow database takes many times longer and nothing fails more often', () => {
  const lines = sample('slow-dependency');
  const startMs = faultStartMs('slow-dependency');
  const median = (values: readonly number[]): number =>
    values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
  const durations = (isAfter: boolean): number[] =>
    lines
      .filter((line) => line.labels.service === 'database' && line.timeMs > startMs + 60_000 === isAfter)
      .flatMap((line) => /duration: ([\d.]+) ms/.exec(line.text)?.[1] ?? [])
      .map(Number);
  assert.ok(median(durations(true)) > 10 * median(durations(false)));
  const errors = lines.filter((line) => line.labels.level === 'error');
  const shareAfter = errors.filter((line) => line.timeMs >= startMs).length / errors.length;
  assert.ok(shareAfter < 0.5, `${shareAfter} of the errors come after the fault`);
});
