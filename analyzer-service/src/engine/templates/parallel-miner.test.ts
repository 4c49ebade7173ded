import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ParallelMiner } from './parallel-miner.ts';
import { TemplateMiner } from './template-miner.ts';

void test('any number of threads learns the same, and what one miner learns', async () => {
  const text = Array.from(
    { length: 30_000 },
    (_, i) =>
      `order ${i} of user u${i % 13} ${i % 3 ? 'paid' : 'failed'} after ${i % 97} ms: some wording to fill the line with\n`,
  ).join('');
  const bytes = new Uint8Array(new SharedArrayBuffer(Buffer.byteLength(text)));
  bytes.set(new TextEncoder().encode(text));
  const saved: unknown[] = [];
  const templates: unknown[] = [];
  for (const threads of [1, 3]) {
    const parallel = new ParallelMiner({ threads, partBytes: 2 ** 19 });
    await parallel.mine(bytes);
    await parallel.close();
    saved.push(parallel.miner.save());
    templates.push(parallel.miner.templates());
  }
  assert.ok(bytes.length > 3 * 2 ** 19, 'the text has several parts');
  assert.deepEqual(saved[0], saved[1]);
  const alone = new TemplateMiner();
  alone.addLines(bytes);
  assert.deepEqual(templates[0], alone.templates());
});
