import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Role } from '../../database.ts';
import { eventually, testDatabase } from '../../testing/test-access.ts';
import { POSTGRES_MISSING, TestPostgres } from '../../testing/test-postgres.ts';
import { REDIS_MISSING, TestRedis } from '../../testing/test-redis.ts';
import { testApp, testFolder } from '../../testing/test-stack.ts';
import { createApiKey } from '../access/api-keys.ts';
import type { AiLogsAnswer } from '../ai-logs/schema.ts';
import type { Health } from '../health/schema.ts';

type App = Awaited<ReturnType<typeof testApp>>;

/** A Loki without lines that counts what it is asked. */
async function quietLoki(context: Pick<TestContext, 'after'>) {
  const state = { asked: 0, url: '' };
  const server = createServer((request, response) => {
    state.asked++;
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://loki');
    const ofRange = searchParams.has('limit') ? 'streams' : 'matrix';
    const resultType = pathname.endsWith('/query_range') ? ofRange : 'vector';
    const data = pathname.includes('/label') ? [] : { resultType, result: [] };
    response.end(JSON.stringify({ status: 'success', data }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

async function query(app: App, parameters = 'time_range=30m'): Promise<AiLogsAnswer> {
  const response = await app.request(`/api/v1/ai_logs/query?${parameters}`);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as AiLogsAnswer;
}

void test('equal are: the same last half hour, any order of a list, any way to write a time', async (context) => {
  const loki = await quietLoki(context);
  const app = await testApp(context, loki.url);
  const pairs = [
    ['time_range=30m', 'time_range=30m&mode=troubleshoot&limit=20'],
    ['severity=error,warn', 'severity=warn,error'],
    [
      'start=2026-11-20T10:00:00Z&end=2026-11-20T10:30:00Z',
      'start=1795168800&end=2026-11-20T11:30:00%2B01:00',
    ],
  ] as const;
  for (const [one, other] of pairs) {
    const first = await query(app, one);
    const { asked } = loki;
    const second = await query(app, other);
    assert.deepEqual([first.cached, second.cached, loki.asked], [false, true, asked], one);
    assert.deepEqual({ ...second, took_ms: 0 }, { ...first, took_ms: 0, cached: true });
  }
  assert.equal((await query(app, 'time_range=31m')).cached, false);
});

void test('two modes that are asked for one window at one time read it once', async (context) => {
  const loki = await quietLoki(context);
  const app = await testApp(context, loki.url);
  const askedFor = async (...parameters: readonly string[]) => {
    const before = loki.asked;
    const answers = await Promise.all(parameters.map((of) => query(app, of)));
    return { asked: loki.asked - before, queries: answers.map(({ queries }) => queries.length) };
  };
  const first = 'start=2026-11-20T10:00:00Z&end=2026-11-20T10:30:00Z';
  const next = 'start=2026-11-20T11:00:00Z&end=2026-11-20T11:30:00Z';
  const alone = await askedFor(`mode=errors&${first}`);
  const together = await askedFor(`mode=errors&${next}`, `mode=performance&${next}`);
  const guards = alone.asked - (alone.queries[0] ?? 0);
  assert.equal(together.asked, alone.asked + guards, 'what differs is the guard of the cost alone');
  assert.deepEqual(together.queries, [...alone.queries, ...alone.queries], 'both say what was run');
});

void test('an answer with a warning is not kept', async (context) => {
  const loki = await quietLoki(context);
  const app = await testApp(context, loki.url);
  for (let time = 0; time < 2; time++) {
    const answer = await query(app, 'services=nobody');
    assert.equal(answer.cached, false);
    assert.match(answer.warnings.join(), /No lines of nobody/);
  }
});

void test('a window that still changes can be left out of the cache alone', async (context) => {
  const loki = await quietLoki(context);
  const app = await testApp(context, loki.url, { CACHE_LIVE_MS: '0' });
  const past = 'start=2026-11-20T10:00:00Z&end=2026-11-20T10:30:00Z';
  const cached = async (parameters: string) => (await query(app, parameters)).cached;
  assert.deepEqual([await cached('time_range=5m'), await cached('time_range=5m')], [false, false]);
  assert.deepEqual([await cached(past), await cached(past)], [false, true]);
});

void test('everybody with a key may see the figures, an admin may clear, and that is written down', async (context) => {
  const loki = await quietLoki(context);
  const settings = { DATA_DIR: await testFolder(context) };
  const { db } = await testDatabase(context, settings);
  const key = (role: Role) => createApiKey(db, { name: role, role }, { actor: 'test', nowMs: 1 });
  const [analyst, admin] = [await key('analyst'), await key('admin')];
  const app = await testApp(context, loki.url, settings);
  const ask = async (method: string, by: { readonly key: string }) => {
    const headers = { authorization: `Bearer ${by.key}` };
    const response = await app.request('/api/v1/ai_logs/cache', { method, headers });
    return [response.status, await response.json()];
  };
  const headers = { 'x-api-key': analyst.key };
  await app.request('/api/v1/ai_logs/query', { headers });
  await app.request('/api/v1/ai_logs/query', { headers });
  const figures = { kind: 'memory', entries: 1, hits: 1, misses: 1, shared: 0 };
  assert.deepEqual(await ask('GET', analyst), [200, figures]);
  assert.equal((await ask('DELETE', analyst))[0], 403);
  assert.deepEqual(await ask('DELETE', admin), [200, { removed: 1 }]);
  assert.deepEqual(await ask('GET', admin), [200, { ...figures, entries: 0 }]);
  const changes = await db.selectFrom('audit_log').selectAll().where('action', '=', 'DELETE').execute();
  assert.deepEqual(
    changes.map(({ actor, target }) => [actor, target]),
    [[admin.id, '/api/v1/ai_logs/cache']],
  );
});

void test(
  'two analyzers with one Redis share answers and calls a minute',
  { skip: REDIS_MISSING },
  async (context) => {
    const [loki, redis] = [await quietLoki(context), await TestRedis.start()];
    context.after(() => redis.close());
    const settings = { DATA_DIR: await testFolder(context), REDIS_URL: redis.url, CALLS_PER_MINUTE_MAX: '3' };
    const { db } = await testDatabase(context, settings);
    const { key } = await createApiKey(db, { name: 'one', role: 'viewer' }, { actor: 'test', nowMs: 1 });
    const apps = [await testApp(context, loki.url, settings), await testApp(context, loki.url, settings)];
    const seen: unknown[] = [];
    for (const app of [...apps, ...apps] as App[]) {
      const response = await app.request('/api/v1/ai_logs/query', { headers: { 'x-api-key': key } });
      const { cached } = (await response.json()) as Partial<AiLogsAnswer>;
      seen.push([response.status, cached]);
    }
    assert.deepEqual(seen, [
      [200, false],
      [200, true],
      [200, true],
      [429, undefined],
    ]);
    await redis.halt();
    const alone = await apps[0]?.request('/api/v1/ai_logs/query', { headers: { 'x-api-key': key } });
    assert.equal(alone?.status, 200, 'without Redis each counts for itself');
  },
);

void test(
  'goes on while Redis is gone or hangs, and comes back to it',
  { skip: REDIS_MISSING },
  async (context) => {
    const [loki, redis] = [await quietLoki(context), await TestRedis.start()];
    context.after(() => redis.close());
    const app = await testApp(context, loki.url, { REDIS_URL: redis.url });
    const health = async () => {
      const response = await app.request('/api/v1/ai_logs/health');
      return ((await response.json()) as Health).dependencies.cache.status;
    };
    const isKept = async () => {
      await query(app);
      return (await query(app)).cached;
    };
    assert.equal(await isKept(), true);
    const faults = [
      { leave: () => redis.halt(), comeBack: () => redis.resume() },
      { leave: async () => redis.hang(), comeBack: async () => redis.wake() },
    ];
    for (const { leave, comeBack } of faults) {
      await leave();
      assert.equal(await isKept(), false);
      const clear = await app.request('/api/v1/ai_logs/cache', { method: 'DELETE' });
      assert.equal(clear.status, 503, 'what it holds could come back with it');
      assert.equal(await health(), 'down');
      await comeBack();
      await eventually(async () => (await health()) === 'up');
      assert.equal(await isKept(), true);
    }
  },
);

void test('starts without Redis, and uses it when it comes', { skip: REDIS_MISSING }, async (context) => {
  const [loki, redis] = [await quietLoki(context), await TestRedis.start()];
  context.after(() => redis.close());
  await redis.halt();
  const app = await testApp(context, loki.url, { REDIS_URL: redis.url });
  assert.equal((await query(app)).cached, false);
  assert.equal((await query(app)).cached, false);
  await redis.resume();
  await eventually(async () => (await query(app)).cached);
});

void test('a change is made also while Postgres is gone', { skip: POSTGRES_MISSING }, async (context) => {
  const [loki, postgres] = [await quietLoki(context), await TestPostgres.start()];
  context.after(() => postgres.close());
  const app = await testApp(context, loki.url, { DATABASE_URL: await postgres.newDatabase() });
  await query(app);
  await postgres.halt();
  const cleared = await app.request('/api/v1/ai_logs/cache', { method: 'DELETE' });
  assert.deepEqual([cleared.status, await cleared.json()], [200, { removed: 1 }]);
  assert.equal((await query(app)).cached, false);
});

void test('Loki is left alone when the last client that waits for an answer has gone', async (context) => {
  const asked = Promise.withResolvers<ServerResponse>();
  const server = createServer((_, response) => asked.resolve(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const app = await testApp(context, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const clients = [new AbortController(), new AbortController()];
  const answers = clients.map(({ signal }) =>
    app.request(new Request('http://localhost/api/v1/ai_logs/query', { signal })),
  );
  const upstream = await asked.promise;
  const left = once(upstream, 'close');
  clients[0]?.abort();
  assert.equal((await answers[0])?.status, 499);
  assert.equal(upstream.destroyed, false, 'the other one still waits');
  clients[1]?.abort();
  await left;
  assert.equal((await answers[1])?.status, 499);
});
