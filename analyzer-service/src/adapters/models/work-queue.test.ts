import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { AppError } from '../../errors.ts';
import { WorkQueue } from './work-queue.ts';

const never = new AbortController().signal;

/** Work that is noted when it starts and when it is let go. */
function notebook() {
  const notes: string[] = [];
  const gates = new Map<string, () => void>();
  const work = (name: string) => async () => {
    notes.push(`+${name}`);
    const { promise, resolve } = Promise.withResolvers<void>();
    gates.set(name, resolve);
    await promise;
    notes.push(`-${name}`);
  };
  /** Whatever waited for what ended before has started by then. */
  const end = async (name: string) => {
    await setImmediate();
    gates.get(name)?.();
    await setImmediate();
  };
  return { notes, work, end };
}

void test('work that must run alone waits for what came before, and what comes later waits for it', async () => {
  const queue = new WorkQueue(2, 10);
  const { notes, work, end } = notebook();
  const all = [queue.run(never, work('a')), queue.run(never, work('b')), queue.runAlone(work('alone'))];
  all.push(queue.run(never, work('c')));
  await end('a');
  await all[0];
  assert.deepEqual(notes, ['+a', '+b', '-a']);
  await end('b');
  await all[1];
  await end('alone');
  await all[2];
  await end('c');
  await all[3];
  assert.deepEqual(notes, ['+a', '+b', '-a', '-b', '+alone', '-alone', '+c', '-c']);
  assert.equal(queue.size, 0);
});

void test('who leaves the queue lets the next one in, and a full queue says when to come back', async () => {
  const queue = new WorkQueue(1, 2);
  const { notes, work, end } = notebook();
  const gone = new AbortController();
  const first = queue.run(never, work('a'));
  const left = queue.run(gone.signal, work('b'));
  const last = queue.run(never, work('c'));
  await assert.rejects(
    queue.run(never, work('d')),
    ({ code, retryAfterS }: AppError) => code === 'too_many_requests' && retryAfterS === 1,
  );
  gone.abort(new Error('gone'));
  await assert.rejects(left, /gone/);
  await end('a');
  await first;
  await end('c');
  await last;
  assert.deepEqual(notes, ['+a', '-a', '+c', '-c']);
});
