import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogLine } from '../log-line.ts';
import { LEVELS } from '../log-line.ts';
import { Investigation } from './investigation.ts';
import type { InvestigationLimits } from './investigation-result.ts';

const WINDOW = { startMs: 1000, endMs: 2000 };
const BASELINE = { startMs: 0, endMs: 1000 };

const anyLine: fc.Arbitrary<LogLine> = fc
  .record({
    timeMs: fc.double({ min: -100, max: 2100, noNaN: true }),
    service: fc.constantFrom('', 'api', 'payments', '__proto__', 'a\nb'),
    level: fc.constantFrom(...LEVELS),
    text: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('order 1 placed', 'order failed: call to payments timed out', 'took 12 ms', '<*>', ''),
    ),
    fields: fc.dictionary(
      fc.constantFrom('correlation_id', 'span_id', 'duration', 'tokens_used', '__proto__', 'pod'),
      fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('a', 'b', '12ms', '1e999', '-0')),
    ),
    weight: fc.constantFrom(0, 1, 1, 1, 2.5, 40),
  })
  .map((line) => ({ ...line, timestampNs: String(Math.round(line.timeMs * 1e6)) }));

function investigate(lines: readonly LogLine[], limits?: Partial<InvestigationLimits>, withBaseline = true) {
  const investigation = new Investigation({
    window: WINDOW,
    baseline: withBaseline ? [BASELINE] : [],
    limits,
  });
  for (const line of lines) investigation.add(line);
  return investigation.finish();
}

void test('any lines give an answer whose counts add up', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 120 }), fc.boolean(), (lines, withBaseline) => {
      const result = investigate(lines, {}, withBaseline);
      const counted = result.templates.reduce((sum, each) => sum + each.windowCount + each.baselineCount, 0);
      assert.equal(result.linesRead, lines.length);
      assert.ok(Math.abs(counted + result.restLines - result.countedLines) < 1e-6);
      for (const { score, evidence, series, title } of result.findings) {
        assert.ok(score >= 0 && score <= 1, `${score}`);
        assert.ok(evidence.length <= 5 && series.length <= 60);
        assert.ok(evidence.every((line) => lines.includes(line)));
        assert.ok(title.length > 0 && !/NaN|undefined|Infinity/.test(title), title);
      }
      for (const { score, reasons } of result.suspects) {
        assert.ok(score >= 0 && score <= 1 && reasons.length > 0);
      }
    }),
    { numRuns: 150 },
  );
});

void test('the same lines in the same order give the same answer, in one go or in turns', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 80 }), (lines) => {
      const investigation = new Investigation({ window: WINDOW, baseline: [BASELINE] });
      for (const line of lines) investigation.add(line);
      const turns = investigation.finishInTurns();
      let turn = turns.next();
      while (turn.done !== true) turn = turns.next();
      assert.deepEqual(turn.value, investigate(lines));
    }),
    { numRuns: 60 },
  );
});

void test('what does not fit into the limits is counted, never lost', () => {
  const lines = Array.from({ length: 400 }, (_, index): LogLine => {
    const fields = { correlation_id: `r${index}` };
    const service = `service-${index % 26}`;
    return {
      timestampNs: '1',
      timeMs: index * 5,
      service,
      level: 'info',
      text: 'it happened',
      fields,
      weight: 1,
    };
  });
  const { templates, restLines, countedLines, dropped } = investigate(lines, {
    seriesMax: 5,
    requestLinesMax: 10,
  });
  const counted = templates.reduce(
    (sum, { windowCount, baselineCount }) => sum + windowCount + baselineCount,
    0,
  );
  assert.ok(templates.length <= 5);
  assert.ok(restLines > 0);
  assert.equal(counted + restLines, countedLines);
  assert.ok(dropped.requestLines > 0);
});

void test('a window that ends before it starts is refused in one sentence', () => {
  assert.throws(
    () => new Investigation({ window: { startMs: 5, endMs: 5 }, baseline: [] }),
    new RangeError('The window must end after it starts: give startMs < endMs.'),
  );
});

void test('an empty window says nothing', () => {
  const { findings, suspects, templates } = investigate([]);
  assert.deepEqual([findings, suspects, templates], [[], [], []]);
});
