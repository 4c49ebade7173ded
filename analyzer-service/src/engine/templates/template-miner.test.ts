import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TemplateMiner } from './template-miner.ts';

void test('lines that differ in their values share one template', () => {
  const miner = new TemplateMiner();
  const first = miner.add('connection from 10.0.0.1:5431 took 12 ms');
  const second = miner.add('connection from 10.2.0.7:80 took 7 ms', 3);
  assert.equal(miner.resolve(first).id, miner.resolve(second).id);
  assert.deepEqual(
    miner.templates().map(({ text, count }) => ({ text, count })),
    [{ text: 'connection from <*> took <*> ms', count: 4 }],
  );
});

void test('the counts of all templates and the rest add up to the lines added', () => {
  const miner = new TemplateMiner({ wordingsMax: 2 });
  for (const word of ['alpha', 'beta', 'gamma', 'delta']) miner.add(`${word} started`, 2);
  const counted = miner.templates().reduce((sum, template) => sum + template.count, 0);
  assert.equal(miner.lineCount, 8);
  assert.equal(counted + miner.restCount, 8);
});
