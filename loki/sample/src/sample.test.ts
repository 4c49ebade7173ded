import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateSample, SCENARIO_NAMES, SCENARIOS } from './sample.ts';
import type { SampleLine, SampleOptions } from './sample.ts';
import { SERVICES } from './sample-line.ts';

const START_MS = Date.UTC(2026, 10, 21, 12);
const HALF_HOUR_MS = 30 * 60_000;

function sample(options: Partial<SampleOptions> = {}): SampleLine[] {
  const all = {
    scenario: 'none',
    seed: 1,
    startMs: START_MS,
    endMs: START_MS + HALF_HOUR_MS,
    linesPerSecond: 20,
  } as const;
  return [...generateSample({ ...all, ...options })];
}

void test('the same options give the same lines, and another seed gives others', () => {
  const options = { scenario: 'disk-full', endMs: START_MS + 120_000 } as const;
  assert.deepEqual(sample(options), sample(options));
  assert.notDeepEqual(sample(options), sample({ ...options, seed: 2 }));
});

void test('lines come in time order, inside the range, with the timestamp of their time', () => {
  for (const scenario of ['none', ...SCENARIO_NAMES] as const) {
    const lines = sample({ scenario });
    for (const [index, line] of lines.entries()) {
      assert.ok(line.timeMs >= START_MS && line.timeMs < START_MS + HALF_HOUR_MS);
      assert.ok(line.timeMs >= (lines[index - 1]?.timeMs ?? 0));
      assert.equal(line.timestampNs.slice(0, 13), String(Math.floor(line.timeMs)));
      assert.equal(line.timestampNs.length, 19);
    }
  }
});

void test('the rate is the one that was asked for, by day and by night', () => {
  for (const [hour, linesPerSecond] of [
    [3, 10],
    [14, 10],
    [20, 400],
  ] as const) {
    const startMs = Date.UTC(2026, 10, 21, hour);
    let count = 0;
    for (const _ of generateSample({
      scenario: 'none',
      seed: 7,
      startMs,
      endMs: startMs + HALF_HOUR_MS,
      linesPerSecond,
    }))
      count++;
    const rate = count / (HALF_HOUR_MS / 1000);
    assert.ok(Math.abs(rate / linesPerSecond - 1) < 0.06, `${rate} lines/s instead of ${linesPerSecond}`);
  }
});

void test('more happens by day than by night', () => {
  const dayMs = Date.UTC(2026, 10, 21);
  const byHour = Array.from({ length: 24 }, () => 0);
  for (const line of generateSample({
    scenario: 'none',
    seed: 3,
    startMs: dayMs,
    endMs: dayMs + 86_400_000,
    linesPerSecond: 1,
  })) {
    const hour = new Date(line.timeMs).getUTCHours();
    byHour[hour] = (byHour[hour] ?? 0) + 1;
  }
  assert.ok((byHour[14] ?? 0) > 1.5 * (byHour[2] ?? 0));
});

void test('every service logs, in its own format, with few label values', () => {
  const lines = sample({ linesPerSecond: 100 });
  const formats: Readonly<Record<string, RegExp>> = {
    gateway:
      /^\d+\.\d+\.\d+\.\d+ - - \[21\/Nov\/2026:12:\d\d:\d\d \+0000\] "[A-Z]+ \S+ HTTP\/1\.1" \d{3} \d+ .* rt=\d+\.\d{3} urt=/,
    api: /^\{"time":"2026-11-21T12:/,
    anythingllm: /^\{"level":"(?:info|warn)","message":"/,
    worker: /^ts=2026-11-21T12:\S+ level=\w+ msg=/,
    payments: /^2026-11-21 12:\d\d:\d\d\.\d{3} {1,2}[A-Z]{4,5} 1 --- \[/,
    search: /^[IWE]1121 12:\d\d:\d\d\.\d{6} {7}1 \w+\.go:\d+\] "/,
    auth: /^\{"event": "/,
    database: /^2026-11-21 12:\d\d:\d\d\.\d{3} UTC \[\d+\] /,
  };
  for (const service of SERVICES) {
    const own = lines.filter((line) => line.labels.service === service);
    assert.ok(own.length > 100, service);
    const share = own.filter((line) => formats[service]?.test(line.text)).length / own.length;
    assert.ok(share > 0.7, `${service}: ${share} of the lines have its format`);
  }
  for (const line of lines) if (line.text.startsWith('{')) JSON.parse(line.text);
  assert.ok(new Set(lines.map((line) => line.labels)).size <= SERVICES.length * 5);
});

void test('a checkout is one correlation id on every service that it passes', () => {
  const byRequest = Map.groupBy(sample(), (line) => line.metadata['correlation_id'] ?? '');
  byRequest.delete('');
  const paths = [...byRequest.values()].map((lines) => new Set(lines.map((line) => line.labels.service)));
  const whole = paths.filter((path) =>
    ['gateway', 'api', 'auth', 'payments', 'database', 'worker'].every((service) =>
      path.has(service as never),
    ),
  );
  assert.ok(whole.length > 100);
  for (const lines of byRequest.values()) {
    assert.equal(new Set(lines.map((line) => line.metadata['trace_id'])).size, 1);
    for (const line of lines) assert.match(line.metadata['span_id'] ?? '', /^[0-9a-f]{16}$/);
  }
});

void test('model calls say model, tokens and duration; chats carry conversation and workspace', () => {
  const calls = sample().filter((line) => 'model' in line.metadata);
  assert.ok(calls.length > 50);
  for (const { metadata } of calls) {
    assert.match(metadata['tokens_used'] ?? '', /^\d+$/);
    assert.match(metadata['duration'] ?? '', /^\d+ms$/);
    assert.match(metadata['conversation_id'] ?? '', /^conv-/);
    assert.match(metadata['workspace_id'] ?? '', /^ws-/);
  }
});

void test('a run without an end goes on until nobody asks any more', () => {
  const lines = generateSample({
    scenario: 'none',
    seed: 1,
    startMs: START_MS,
    endMs: Infinity,
    linesPerSecond: 50,
  });
  let last = START_MS;
  for (let count = 0; count < 5000; count++) last = lines.next().value?.timeMs ?? Number.NaN;
  assert.ok(last > START_MS + 60_000);
});

void test('wrong options are refused in a sentence', () => {
  const refused: readonly [Partial<SampleOptions>, RegExp][] = [
    [{ endMs: START_MS }, /must start before it ends/],
    [{ startMs: Number.NaN }, /must start before it ends/],
    [{ linesPerSecond: 0 }, /linesPerSecond must be above 0/],
    [{ endMs: Infinity, scenario: 'disk-full' }, /needs faultStartMs/],
    [{ scenario: 'flood' as never }, /no scenario "flood"; choose one of pool-exhaustion/],
  ];
  for (const [options, message] of refused) assert.throws(() => sample(options), message);
});

void test('each scenario is listed once, with a service of the shop as its root cause', () => {
  assert.deepEqual(
    SCENARIOS.map((scenario) => scenario.name),
    [...SCENARIO_NAMES],
  );
  for (const scenario of SCENARIOS) {
    assert.ok(SERVICES.includes(scenario.rootCause));
    assert.ok(scenario.expectedKinds.length > 0);
    assert.ok(scenario.faultStartShare > 0 && scenario.faultStartShare < 1);
  }
});
