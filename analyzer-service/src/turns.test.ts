import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextLook } from 'node:timers/promises';
import { eachInTurns, inTurns, nextTurn } from './turns.ts';

void test('of many works that wait, one goes on between two looks at the sockets, the first that waited first', async () => {
  const turns: string[] = [];
  const work = async (name: string) => {
    await nextTurn();
    turns.push(`${name} 1`);
    await nextTurn();
    turns.push(`${name} 2`);
  };
  const all = Promise.all([work('a'), work('b')]);
  for (let look = 1; look <= 4; look++) {
    await nextLook();
    assert.equal(turns.length, look);
  }
  await all;
  assert.deepEqual(turns, ['a 1', 'b 1', 'a 2', 'b 2']);
});

void test('long work lets others have their turn, and loses nothing', async () => {
  let looks = 0;
  const watch = setInterval(() => looks++, 1);
  const busyMs = (ms: number) => {
    const endMs = performance.now() + ms;
    while (performance.now() < endMs);
    return ms;
  };
  assert.deepEqual(await inTurns([5, 5, 5, 5, 5, 5], busyMs), [5, 5, 5, 5, 5, 5]);
  clearInterval(watch);
  assert.ok(looks >= 2, `${looks}`);
  await assert.rejects(
    eachInTurns([1], () => {
      throw new Error('the work failed');
    }),
    /the work failed/,
  );
});
