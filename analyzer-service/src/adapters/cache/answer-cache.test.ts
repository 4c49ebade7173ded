import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Redis } from 'ioredis';
import type { AppError } from '../../errors.ts';
import { eventually } from '../../testing/test-access.ts';
import { REDIS_MISSING, TestRedis } from '../../testing/test-redis.ts';
import { connectRedis } from '../redis/connect-redis.ts';
import { AnswerCache } from './answer-cache.ts';
import type { CacheStore } from './cache-store.ts';
import { MemoryStore } from './memory-store.ts';
import { RedisStore } from './redis-store.ts';

const NEVER = new AbortController().signal;
const HOUR_MS = 3_600_000;

/** A computation that ends when the test says so, and counts how often it began. */
function computation<T>(value: T, keepMs = HOUR_MS) {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<AbortSignal>();
  const state = { runs: 0, begun: begun.promise, finish: gate.resolve, fail: gate.reject };
  const compute = async (signal: AbortSignal) => {
    state.runs++;
    begun.resolve(signal);
    await gate.promise;
    return { value, keepMs };
  };
  return Object.assign(state, { compute });
}

async function remember<T>(cache: AnswerCache, question: unknown, value: T, keepMs = HOUR_MS) {
  return cache.remember(question, NEVER, async () => ({ value, keepMs }));
}

function cacheSuite(newStore: () => CacheStore): void {
  void it('answers a second time without computing, whatever JSON the answer is', async () => {
    const cache = new AnswerCache(newStore(), 'twice');
    const value = { text: 'Grüße "\n', list: [1, null, { deep: true }] };
    assert.deepEqual(await remember(cache, { a: 1 }, value), { value, cached: false });
    assert.deepEqual(await remember(cache, { a: 1 }, 'another'), { value, cached: true });
    assert.deepEqual(await remember(cache, { a: 2 }, 'another'), { value: 'another', cached: false });
  });

  void it('keeps nothing that is to be kept for no time, and nothing longer than it may', async () => {
    const cache = new AnswerCache(newStore(), 'time');
    await remember(cache, 'q', 1, 0);
    assert.equal((await remember(cache, 'q', 2, 50)).value, 2);
    assert.equal((await remember(cache, 'q', 3)).value, 2);
    await eventually(async () => (await remember(cache, 'q', 3)).value === 3);
  });

  void it('does not give one Loki the answers of another', async () => {
    const store = newStore();
    await remember(new AnswerCache(store, { loki: 'a' }), 'question', 'of a');
    assert.equal((await remember(new AnswerCache(store, { loki: 'b' }), 'question', 'of b')).value, 'of b');
  });

  void it('computes once for a hundred equal questions at one time', async () => {
    const cache = new AnswerCache(newStore(), 'hundred');
    const { compute, begun, finish, ...state } = computation('once');
    const asked = Array.from({ length: 100 }, () => cache.remember('q', NEVER, compute));
    await begun;
    finish();
    const answers = await Promise.all(asked);
    assert.ok(answers.every(({ value }) => value === 'once'));
    assert.equal((await cache.remember('q', NEVER, compute)).cached, true);
    const { hits, misses, shared } = await cache.stats();
    assert.deepEqual([hits, misses, shared, state.runs], [1, 1, 99, 0]);
  });

  void it('shares what is going on, keeps nothing of it, and tells everybody when it fails', async () => {
    const cache = new AnswerCache(newStore(), 'share');
    const { compute, begun, finish } = computation('the same');
    const shared = [cache.share('q', NEVER, compute), cache.share('q', NEVER, compute)];
    await begun;
    finish();
    const [one, other] = await Promise.all(shared);
    assert.equal(one, other);
    assert.equal(await cache.share('q', NEVER, async () => 'anew'), 'anew');
    const fail = () => cache.share('q', NEVER, () => Promise.reject(new Error('broken')));
    for (const failed of [fail(), fail()]) await assert.rejects(failed, /broken/);
  });

  void it('one who leaves is told so, and does not end what others wait for', async () => {
    const cache = new AnswerCache(newStore(), 'leave');
    const { compute, begun, finish } = computation('for the other');
    const impatient = new AbortController();
    const left = cache.remember('q', impatient.signal, compute);
    const stayed = cache.remember('q', NEVER, compute);
    const signal = await begun;
    impatient.abort();
    await assert.rejects(left, (error: AppError) => error.code === 'cancelled');
    assert.equal(signal.aborted, false);
    finish();
    assert.deepEqual(await stayed, { value: 'for the other', cached: false });
  });

  void it('ends the computation when the last one leaves, and starts anew for the next', async () => {
    const cache = new AnswerCache(newStore(), 'last');
    const { compute, begun } = computation('for nobody');
    const impatient = new AbortController();
    const left = cache.remember('q', impatient.signal, compute);
    const signal = await begun;
    impatient.abort();
    await assert.rejects(left, (error: AppError) => error.code === 'cancelled');
    assert.equal(signal.aborted, true);
    assert.equal((await remember(cache, 'other question', 1)).value, 1);
  });

  void it('a failure reaches everybody who waited, and is not kept', async () => {
    const cache = new AnswerCache(newStore(), 'failure');
    const { compute, begun, fail } = computation('never');
    const asked = [cache.remember('q', NEVER, compute), cache.remember('q', NEVER, compute)];
    await begun;
    fail(new Error('Loki is gone'));
    for (const answer of asked) await assert.rejects(answer, /Loki is gone/);
    assert.deepEqual(await remember(cache, 'q', 'better'), { value: 'better', cached: false });
  });

  void it('counts what it holds and forgets it when told', async () => {
    const cache = new AnswerCache(newStore(), 'clear');
    await cache.clear();
    for (let index = 0; index < 5; index++) await remember(cache, index, index);
    assert.equal((await cache.stats()).entries, 5);
    assert.equal(await cache.clear(), 5);
    assert.equal((await cache.stats()).entries, 0);
    assert.equal((await remember(cache, 1, 'anew')).value, 'anew');
  });
}

void describe('in memory', () => {
  cacheSuite(() => new MemoryStore(1 << 20));

  void it('stays within its bytes by giving up the oldest, and refuses what is too large', async () => {
    const store = new MemoryStore(100_000);
    for (let index = 0; index < 100; index++) await store.set(`${index}`, 'x'.repeat(5_000), HOUR_MS);
    assert.ok((await store.count()) <= 10);
    assert.equal(await store.get('0'), null);
    assert.notEqual(await store.get('99'), null);
    await store.set('large', 'x'.repeat(60_000), HOUR_MS);
    assert.equal(await store.get('large'), null);
    assert.notEqual(await store.get('99'), null);
  });
});

void describe('in Redis', { skip: REDIS_MISSING }, () => {
  let server: TestRedis;
  const open: Redis[] = [];
  before(async () => {
    server = await TestRedis.start();
    open.push(await connect(), await connect());
  });
  after(async () => {
    for (const redis of open) redis.disconnect();
    await server.close();
  });
  const connect = () => connectRedis({ url: server.url, timeoutMs: 1_000, onChange: () => undefined });
  const store = (index = 0) => new RedisStore(open[index] as Redis);

  cacheSuite(store);

  void it('computes once for two processes that ask at one time', async () => {
    const [one, other] = [new AnswerCache(store(0), 'shared'), new AnswerCache(store(1), 'shared')];
    const { compute, begun, finish } = computation('once');
    const first = one.remember('q', NEVER, compute);
    await begun;
    const second = remember(other, 'q', 'a second time');
    finish();
    assert.deepEqual(await first, { value: 'once', cached: false });
    assert.deepEqual(await second, { value: 'once', cached: true });
  });

  void it('lets the next process compute when the first one failed', async () => {
    const [one, other] = [new AnswerCache(store(0), 'fails'), new AnswerCache(store(1), 'fails')];
    const { compute, begun, fail } = computation('never');
    const first = one.remember('q', NEVER, compute);
    await begun;
    const second = remember(other, 'q', 'in its place');
    fail(new Error('no'));
    await assert.rejects(first, /no/);
    assert.deepEqual(await second, { value: 'in its place', cached: false });
  });

  void it('shows nothing of the question in its keys', async () => {
    await remember(new AnswerCache(store(), 'secret scope'), { search: 'password=geheim' }, 1);
    const keys = await (open[0] as Redis).keys('*');
    assert.ok(keys.length > 0);
    assert.doesNotMatch(keys.join('\n'), /geheim|password|scope/);
  });
});
