import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredValues } from './measured-values.ts';

const CASES: readonly [text: string, fields: Record<string, string>, expected: string[]][] = [
  ['took 12 ms', {}, ['duration 12 ms']],
  ['order done in 1.5s', {}, ['duration 1500 ms']],
  ['level=info duration=42.6ms job=mail', {}, ['duration 42.6 ms']],
  ['{"msg":"done","duration_ms":3.8}', {}, ['duration_ms 3.8 ms']],
  ['{"took":"250us"}', {}, ['took 0.25 ms']],
  ['query finished', { duration: '2s', tokens_used: '1487' }, ['duration 2000 ms', 'tokens_used 1487 count']],
  ['1.2.3.4 - - [x] "GET / HTTP/1.1" 200 12 "-" "curl" 0.125', {}, ['duration 125 ms']],
  ['pool state active=20 idle=0 waiting=31', {}, ['active 20 count', 'waiting 31 count']],
  ['listening on 10.0.0.1:8080 since 12:30:01', {}, []],
  ['order=ord-301004 failed', {}, []],
  ['version 2.8.0 released', { pod: 'api-7c6b5d4f89' }, []],
];

for (const [text, fields, expected] of CASES) {
  void test(`${JSON.stringify(text)} measures ${expected.join(', ') || 'nothing'}`, () => {
    const line = {
      timestampNs: '1',
      timeMs: 0,
      service: 'api',
      level: 'info',
      text,
      fields,
      weight: 1,
    } as const;
    assert.deepEqual(
      measuredValues(line).map(({ name, value, unit }) => `${name} ${Number(value.toFixed(3))} ${unit}`),
      expected,
    );
  });
}

void test('a hostile line is read in bounded time', () => {
  const text = 'duration'.repeat(20_000) + '='.repeat(20_000) + '1'.repeat(20_000);
  const line = {
    timestampNs: '1',
    timeMs: 0,
    service: '',
    level: 'info',
    text,
    fields: {},
    weight: 1,
  } as const;
  assert.ok(measuredValues(line).length <= 8);
});
