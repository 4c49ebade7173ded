import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Level, LogLine } from '../log-line.ts';
import { Investigation } from './investigation.ts';

const WINDOW = { startMs: 3_600_000, endMs: 4_200_000 };
const BASELINE = { startMs: 3_000_000, endMs: 3_600_000 };
const FAULT_MS = 3_900_000;

function line(timeMs: number, service: string, level: Level, text: string, fields = {}): LogLine {
  return { timestampNs: `${Math.round(timeMs * 1e6)}`, timeMs, service, level, text, fields, weight: 1 };
}

/** Two requests a second through api and payments; from `faultMs` on every other one fails in payments first. */
function shop(faultMs: number): LogLine[] {
  const lines: LogLine[] = [];
  for (let index = 0; index < 2400; index += 1) {
    const timeMs = BASELINE.startMs + index * 500 + ((index * 7919) % 400);
    const fields = { correlation_id: `req-${index}` };
    const fails = timeMs >= faultMs && index % 2 === 0;
    lines.push(line(timeMs, 'api', 'info', `POST /orders from user ${index}`, fields));
    if (fails) {
      lines.push(line(timeMs + 20, 'payments', 'error', 'connection pool exhausted after 30 s', fields));
      lines.push(line(timeMs + 45, 'api', 'error', 'order failed: upstream payments answered 503', fields));
    } else {
      lines.push(
        line(timeMs + 20, 'payments', 'info', `charged order ${index} in ${10 + (index % 9)} ms`, fields),
      );
    }
  }
  return lines;
}

function investigate(lines: readonly LogLine[]) {
  const investigation = new Investigation({ window: WINDOW, baseline: [BASELINE] });
  for (const each of lines) investigation.add(each);
  return investigation.finish();
}

void test('a cascade is one finding that names who failed first and since when', () => {
  const { findings, suspects } = investigate(shop(FAULT_MS));
  const cascades = findings.filter((finding) => finding.kind === 'cascade');
  assert.equal(cascades.length, 1);
  assert.equal(cascades[0]?.service, 'payments');
  assert.deepEqual(cascades[0]?.affected, ['api']);
  assert.ok(Math.abs((cascades[0]?.sinceMs ?? 0) - FAULT_MS) < 5000);
  assert.match(cascades[0]?.title ?? '', /payments failed first: 'connection pool exhausted/);
  assert.equal(suspects[0]?.service, 'payments');
  assert.ok(!findings.some((finding) => finding.service === 'api' && finding.kind === 'new_template'));
});

void test('a window like its baseline gives nothing above info and no suspect', () => {
  const { findings, suspects } = investigate(shop(Infinity));
  assert.deepEqual(
    findings.filter((finding) => finding.severity !== 'info'),
    [],
  );
  assert.deepEqual(suspects, []);
});

void test('template counts and the rest add up to the counted lines', () => {
  const lines = shop(FAULT_MS);
  const { templates, restLines, countedLines, linesRead, linesOutside } = investigate(lines);
  const counted = templates.reduce(
    (sum, { windowCount, baselineCount }) => sum + windowCount + baselineCount,
    0,
  );
  assert.equal(linesRead, lines.length);
  assert.equal(countedLines + linesOutside, lines.length);
  assert.equal(counted + restLines, countedLines);
});

void test('a service that stops writing is reported as silent', () => {
  const lines = shop(Infinity).filter((each) => each.service === 'api' || each.timeMs < FAULT_MS);
  const { findings, suspects } = investigate(lines);
  const silence = findings.find((finding) => finding.kind === 'silence');
  assert.equal(silence?.service, 'payments');
  assert.equal(suspects[0]?.service, 'payments');
});

void test('exact counts decide about silence and error shares where they are given', () => {
  const investigation = new Investigation({ window: WINDOW, baseline: [BASELINE] });
  for (const each of shop(FAULT_MS)) investigation.add(each);
  const quiet = { startMs: BASELINE.startMs, stepMs: 10_000, counts: Array<number>(120).fill(50) };
  investigation.addCounts([
    { service: 'api', level: 'info', ...quiet },
    { service: 'payments', level: 'info', ...quiet },
  ]);
  const { findings } = investigation.finish();
  assert.ok(!findings.some((finding) => finding.kind === 'error_rate'));
});

void test('slower answers are found without any error', () => {
  const lines = shop(Infinity).map((each) =>
    each.service === 'payments' && each.timeMs >= FAULT_MS
      ? line(each.timeMs, 'payments', 'info', each.text.replace(/in \d+ ms/, 'in 950 ms'), each.fields)
      : each,
  );
  const latency = investigate(lines).findings.find((finding) => finding.kind === 'latency');
  assert.equal(latency?.service, 'payments');
  assert.match(latency?.title ?? '', /95\d ms|9[4-6]\d ms/);
});
