import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TemplateMiner } from './template-miner.ts';

function letters(number: number): string {
  return number.toString(2).replace(/0/g, 'a').replace(/1/g, 'b');
}

function countedLines(miner: TemplateMiner): number {
  return miner.templates().reduce((sum, template) => sum + template.count, 0) + miner.restCount;
}

void test('names without end fold into their template before anything is evicted', () => {
  const miner = new TemplateMiner({ wordingsMax: 40 });
  for (let i = 0; i < 2000; i++) miner.add(`session was opened for user ${letters(i)} by admin`);
  assert.equal(miner.restCount, 0);
  assert.deepEqual(
    miner.templates().map(({ text, count }) => ({ text, count })),
    [{ text: 'session was opened for user <*> by admin', count: 2000 }],
  );
});

void test('when all wordings differ the rarest go to the rest, and the counts add up', () => {
  const miner = new TemplateMiner({ wordingsMax: 100 });
  for (let i = 0; i < 50; i++) miner.add('a line that comes often');
  const handles = Array.from({ length: 3000 }, (_, i) =>
    miner.add(Array.from({ length: 1 + (i % 7) }, (_, k) => letters(i * 7 + k)).join(' ')),
  );
  assert.equal(miner.lineCount, 3050);
  assert.equal(countedLines(miner), 3050);
  assert.ok(miner.templates().length <= 100);
  assert.ok(miner.restCount > 0);
  assert.equal(miner.templates()[0]?.text, 'a line that comes often');
  for (const handle of handles) assert.ok(miner.resolve(handle).count > 0);
});

void test('a long line is told by its beginning', () => {
  const miner = new TemplateMiner({ lineBytesMax: 64 });
  const tail = 'x'.repeat(100_000);
  assert.equal(miner.add(`${'word '.repeat(20)}${tail}`), miner.add(`${'word '.repeat(20)}other`));
  const lines = new TextEncoder().encode(`${'word '.repeat(20)}${tail}\nshort\n`);
  miner.addLines(lines);
  assert.equal(miner.lineCount, 4);
  assert.deepEqual(
    miner.templates().map(({ count }) => count),
    [3, 1],
  );
});

void test('shapes beyond the limit are learned anew and still counted', () => {
  const miner = new TemplateMiner({ shapesMax: 16 });
  for (let round = 0; round < 3; round++)
    for (let i = 0; i < 100; i++) miner.add(`started part ${letters(i)}`);
  assert.equal(countedLines(miner), 300);
});
