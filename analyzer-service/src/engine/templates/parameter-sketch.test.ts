import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { test } from 'node:test';
import { NumberSketch } from './number-sketch.ts';
import { ParameterSketch } from './parameter-sketch.ts';
import { typeValue } from './parameter-type.ts';

const TYPES: readonly (readonly [string, string, number | null])[] = [
  ['42', 'number', 42],
  ['-1.5e3', 'number', -1500],
  ['12 ms', 'duration', 12],
  ['1.5s', 'duration', 1500],
  ['403 bytes (0.4 KB)', 'size', 403],
  ['2 KB', 'size', 2048],
  ['10.0.0.1:80', 'ip', null],
  ['/10.0.0.1', 'ip', null],
  ['fe80::1:2', 'ip', null],
  ['5f2b9c1e-8a77-4f0e-9a44-0123456789ab', 'uuid', null],
  ['0xdeadbeef', 'hex', null],
  ['/var/log/x.log', 'path', null],
  ['C:\\Windows\\x', 'path', null],
  ['https://a.example/x', 'url', null],
  ['web-1.example.org:8080', 'host', null],
  ['2026-01-01 10:00:00', 'time', null],
  ['Fri Jun 17 07:07:00 2005', 'time', null],
  ['true', 'boolean', null],
  ['"two words"', 'quoted', null],
  ['blk_4711', 'id', null],
  ['alice', 'text', null],
];

for (const [text, type, number] of TYPES) {
  void test(`${text} is a value of type ${type}`, () => assert.deepEqual(typeValue(text), { type, number }));
}

const numbers = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });

void test('a quantile is within a tenth of the number at its rank', () => {
  fc.assert(
    fc.property(numbers, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
      const sketch = new NumberSketch();
      for (const value of values) sketch.add(value, 1);
      const exact = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)]!;
      assert.ok(Math.abs(sketch.quantile(share) - exact) <= Math.abs(exact) * 0.1 + 1e-9);
    }),
  );
});

void test('sketches of two parts add up to the sketch of both', () => {
  fc.assert(
    fc.property(numbers, numbers, (first, second) => {
      const [whole, part, other] = [new NumberSketch(), new NumberSketch(), new NumberSketch()];
      for (const value of first) part.add(value, 1);
      for (const value of second) other.add(value, 1);
      for (const value of [...first, ...second]) whole.add(value, 1);
      part.merge(other.state());
      assert.deepEqual(part.state().buckets, whole.state().buckets);
      assert.equal(part.min, whole.min);
      assert.equal(part.max, whole.max);
    }),
  );
});

void test('the frequent values of many are found in bounded memory', () => {
  const sketch = new ParameterSketch();
  for (let i = 0; i < 20_000; i++) sketch.add(i % 4 === 0 ? 'often' : `rare-${i}x`, 1);
  const { top, distinct, count } = sketch.distribution();
  assert.equal(count, 20_000);
  assert.equal(top[0]?.value, 'often');
  assert.ok(top[0].count <= 5000 && top[0].count >= 5000 - 20_000 / 64);
  assert.ok(Math.abs(distinct - 15_001) < 15_001 / 2, `${distinct}`);
  assert.ok(JSON.stringify(sketch.state()).length < 10_000);
});
