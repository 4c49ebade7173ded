import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateSample, SCENARIOS } from '@sonde/loki-sample';
import type { SampleOptions } from '@sonde/loki-sample';
import type { LogLine } from '../log-line.ts';
import { parseLevel } from '../log-line.ts';
import { Investigation } from './investigation.ts';

const END_MS = Date.UTC(2026, 10, 20, 12);

function shopLines(scenario: SampleOptions['scenario'], seed: number, minutes: number): LogLine[] {
  const startMs = END_MS - minutes * 60_000;
  const lines: LogLine[] = [];
  for (const { timestampNs, timeMs, labels, metadata, text } of generateSample({
    scenario,
    seed,
    startMs,
    endMs: END_MS,
    linesPerSecond: 20,
  })) {
    const { service, level } = labels;
    lines.push({ timestampNs, timeMs, service, level: parseLevel(level), text, fields: metadata, weight: 1 });
  }
  return lines;
}

/** The second half of the time against the first. */
function investigateShop(scenario: SampleOptions['scenario'], seed: number, minutes: number) {
  const middleMs = END_MS - minutes * 30_000;
  const investigation = new Investigation({
    window: { startMs: middleMs, endMs: END_MS },
    baseline: [{ startMs: END_MS - minutes * 60_000, endMs: middleMs }],
  });
  for (const line of shopLines(scenario, seed, minutes)) investigation.add(line);
  return investigation.finish();
}

for (const { name, rootCause, expectedKinds, faultStartShare } of SCENARIOS) {
  for (const seed of [1, 2]) {
    void test(`${name}, seed ${seed}: ${rootCause} is the first suspect, for the right reason`, () => {
      const { findings, suspects } = investigateShop(name, seed, 40);
      const told = findings.map(
        ({ severity, kind, service, title }) => `${severity} ${kind} ${service}: ${title}`,
      );
      assert.equal(suspects[0]?.service, rootCause, told.join('\n'));
      const kinds = findings.filter(({ service }) => service === rootCause).map(({ kind }) => kind);
      for (const kind of expectedKinds)
        assert.ok((kinds as string[]).includes(kind), `no ${kind}: ${told.join('\n')}`);
      const faultMs = END_MS - 40 * 60_000 * (1 - faultStartShare);
      assert.ok(Math.abs((findings[0]?.sinceMs ?? 0) - faultMs) < 4 * 60_000, told[0]);
    });
  }
}

void test('twelve quiet windows give no finding above info and no suspect', () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const { findings, suspects } = investigateShop('none', seed, 20);
    const loud = findings.filter(({ severity }) => severity !== 'info').map(({ title }) => title);
    assert.deepEqual(loud, [], `seed ${seed}`);
    assert.deepEqual(suspects, []);
  }
});

void test('without a baseline the fault shows from inside the window', () => {
  const investigation = new Investigation({
    window: { startMs: END_MS - 40 * 60_000, endMs: END_MS },
    baseline: [],
  });
  for (const line of shopLines('disk-full', 1, 40)) investigation.add(line);
  const { findings, suspects } = investigation.finish();
  assert.equal(suspects[0]?.service, 'database');
  assert.ok(findings.some(({ kind, pattern }) => kind === 'known_pattern' && pattern?.id === 'disk-full'));
  assert.ok(Math.abs((findings[0]?.sinceMs ?? 0) - (END_MS - 12 * 60_000)) < 60_000);
});

void test('the same lines in any order of batches give the same answer', () => {
  const lines = shopLines('pool-exhaustion', 3, 20);
  const answers = [lines, lines.toReversed(), [...lines.slice(9000), ...lines.slice(0, 9000)]].map(
    (order) => {
      const investigation = new Investigation({
        window: { startMs: END_MS - 600_000, endMs: END_MS },
        baseline: [{ startMs: END_MS - 1_200_000, endMs: END_MS - 600_000 }],
      });
      for (const line of order) investigation.add(line);
      const { findings, suspects } = investigation.finish();
      return {
        suspects: suspects.map(({ service }) => service),
        findings: findings.map(({ kind, service, severity }) => `${severity} ${kind} ${service}`),
      };
    },
  );
  assert.deepEqual(answers[1], answers[0]);
  assert.deepEqual(answers[2], answers[0]);
});
