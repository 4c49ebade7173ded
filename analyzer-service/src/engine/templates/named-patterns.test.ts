import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TemplateMiner } from './template-miner.ts';

void test('a named pattern takes its lines, and learned templates live beside it', () => {
  const miner = new TemplateMiner();
  const declined = miner.pin('payment declined', 'payment declined for <customer>');
  const first = miner.add('2026-03-01 10:00:00 WARN payment   declined for alice: no funds');
  const other = miner.add('payment accepted for alice');
  assert.equal(first, declined);
  assert.deepEqual(miner.resolve(declined).name, 'payment declined');
  assert.equal(miner.resolve(declined).count, 1);
  assert.equal(miner.resolve(other).name, null);
  const [customer] = miner.parameters(declined);
  assert.equal(customer?.name, 'customer');
  assert.deepEqual(customer?.values.top, [{ value: 'alice:', count: 1 }]);
});

void test('a pattern with digits takes only lines with these digits', () => {
  const miner = new TemplateMiner();
  const handle = miner.pin('gateway timeout', 'answered 504 after <time>');
  const handles = ['504', '200', '504'].map((status) => miner.add(`upstream answered ${status} after 12 ms`));
  assert.deepEqual(
    handles.map((found) => found === handle),
    [true, false, true],
  );
  assert.equal(miner.resolve(handle).count, 2);
  assert.equal(miner.resolve(handles[1]!).text, 'upstream answered <*> after <*> ms');
});

void test('a pattern applies to shapes that were seen before it was named', () => {
  const miner = new TemplateMiner();
  const before = miner.add('disk 7 is full');
  const handle = miner.pin('full disk', 'disk <disk> is full');
  assert.notEqual(before, handle);
  assert.equal(miner.add('disk 8 is full'), handle);
});

for (const { name, pattern, error } of [
  { name: 'x', pattern: '<*> <a>', error: /hardly any wording/ },
  { name: 'x', pattern: 'y'.repeat(600), error: /longer than 500/ },
  { name: '', pattern: 'some words', error: /1 to 80 characters/ },
  { name: 'taken', pattern: 'other words', error: /choose another name/ },
]) {
  void test(`naming a pattern fails with a reason: ${error.source}`, () => {
    const miner = new TemplateMiner();
    miner.pin('taken', 'some words');
    assert.throws(() => miner.pin(name, pattern), error);
  });
}
