import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POSTGRES_MISSING, TestPostgres } from '../../testing/test-postgres.ts';
import { testApp, testStore } from '../../testing/test-stack.ts';
import { type Health, readySchema } from './schema.ts';

const NOWHERE = 'http://127.0.0.1:9';

void test('the embedded database is up, with its version', async (context) => {
  const app = await testApp(context, NOWHERE);
  const health = (await (await app.request('/api/v1/ai_logs/health')).json()) as Health;
  assert.equal(health.dependencies.database.status, 'up');
  assert.match(health.dependencies.database.version ?? '', /^SQLite 3\./);
});

void test('says when Postgres is gone, and when it is back', { skip: POSTGRES_MISSING }, async (context) => {
  const postgres = await TestPostgres.start();
  context.after(() => postgres.close());
  const app = await testApp(context, NOWHERE, { DATABASE_URL: await postgres.newDatabase() });
  const database = async () => {
    const response = await app.request('/api/v1/ai_logs/health');
    return ((await response.json()) as Health).dependencies.database;
  };
  assert.match((await database()).version ?? '', /^Postgres \d+/);
  await postgres.halt();
  const gone = await database();
  assert.equal(gone.status, 'down');
  assert.match(gone.message ?? '', /database|connection/i);
  await postgres.resume();
  assert.equal((await database()).status, 'up');
});

void test('is alive without Loki, but not ready, and says what is missing', async (context) => {
  const app = await testApp(context, NOWHERE);
  assert.equal((await app.request('/api/v1/ai_logs/health/live')).status, 200);
  const ready = await app.request('/api/v1/ai_logs/health/ready');
  assert.equal(ready.status, 503);
  const body = readySchema.strict().parse(await ready.json());
  assert.deepEqual(
    body.missing.map(({ name }) => name),
    ['loki'],
  );
  assert.match(body.missing[0]?.message ?? '', /127\.0\.0\.1:9 cannot be reached/);
});

void test('is ready with Loki, and an orchestrator needs no key to ask', async (context) => {
  const store = await testStore(context);
  const app = await testApp(context, store.url, { API_KEYS_REQUIRED: 'true' });
  const ready = await app.request('/api/v1/ai_logs/health/ready');
  assert.equal(ready.status, 200);
  assert.deepEqual(await ready.json(), { ready: true, missing: [] });
  assert.equal((await app.request('/api/v1/ai_logs/health/live')).status, 200);
});
