import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { fakeOpenAi } from '../../testing/fake-openai.ts';
import { POSTGRES_MISSING, TestPostgres } from '../../testing/test-postgres.ts';
import { testApp, testFolder, testStore } from '../../testing/test-stack.ts';
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

void test('no model is no fault, and is told', async (context) => {
  const app = await testApp(context, NOWHERE);
  const health = (await (await app.request('/api/v1/ai_logs/health')).json()) as Health;
  const { status, version, configured } = health.dependencies.models;
  assert.deepEqual([status, configured], ['up', 0]);
  assert.match(version ?? '', /none/);
});

void test('tells of models without asking one, how long the last answer took, and when none is left', async (context) => {
  const store = await testStore(context);
  const server = await fakeOpenAi(context);
  const file = path.join(await testFolder(context), 'models.json');
  const far = { kind: 'openai', preset: 'custom', model: 'm', base_url: server.baseUrl };
  await writeFile(file, JSON.stringify({ models: { far }, chains: { chat: ['far'] } }));
  const app = await testApp(context, store.url, { MODELS_CONFIG: file });
  const health = async () => (await (await app.request('/api/v1/ai_logs/health')).json()) as Health;
  const generate = () =>
    app.request('/api/v1/generate', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"prompt":"hello","cache":false}',
    });

  const before = (await health()).dependencies.models;
  assert.deepEqual([before.status, before.configured, before.loaded], ['up', 1, 0]);
  assert.equal(before.last_answer_ms, undefined);
  assert.equal(server.state.calls, 0);

  assert.equal((await generate()).status, 200);
  const after = (await health()).dependencies.models;
  assert.deepEqual([after.status, after.loaded, after.waiting], ['up', 1, 0]);
  assert.ok((after.last_answer_ms ?? -1) >= 0);

  server.state.behaviour = 'broken';
  for (let attempt = 0; attempt < 3; attempt++) assert.notEqual((await generate()).status, 200);
  const gone = await health();
  assert.deepEqual([gone.status, gone.dependencies.models.status], ['degraded', 'down']);
  assert.match(gone.dependencies.models.message ?? '', /far failed lately.*no model is left for chat/);
  assert.equal((await app.request('/api/v1/ai_logs/health/ready')).status, 200, 'findings need no model');
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
