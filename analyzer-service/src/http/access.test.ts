import assert from 'node:assert/strict';
import { type TestContext, it, test } from 'node:test';
import { createApiKey, revokeApiKey } from '../features/access/api-keys.ts';
import type { Role } from '../database.ts';
import { eventually, testDatabase } from '../testing/test-access.ts';
import { onBothDatabases } from '../testing/test-databases.ts';
import { POSTGRES_MISSING, TestPostgres } from '../testing/test-postgres.ts';
import { testApp, testFolder } from '../testing/test-stack.ts';

const NOWHERE = 'http://127.0.0.1:9';
/** Reaches the feature, which refuses the parameter: whoever sees 400 was let in. */
const QUERY = '/api/v1/ai_logs/query?mode=guess';
const LET_IN = 400;
const BY_TEST = { actor: 'test', nowMs: Date.UTC(2026, 10, 21) };

type App = Awaited<ReturnType<typeof testApp>>;
type Settings = Readonly<Record<string, string>>;

async function keyFor(context: Pick<TestContext, 'after'>, settings: Settings, role: Role = 'viewer') {
  const { db } = await testDatabase(context, settings);
  return { ...(await createApiKey(db, { name: `a ${role}`, role }, BY_TEST)), db };
}

async function ask(app: App, headers: Record<string, string> = {}, path = QUERY, method = 'GET') {
  const response = await app.request(path, { method, headers });
  const body = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, headers: response.headers, ...body.error };
}

onBothDatabases((newDatabase) => {
  void it('is open until a key exists, then asks for it, also after the last one is revoked', async (context) => {
    const settings = await newDatabase();
    const app = await testApp(context, NOWHERE, settings);
    assert.equal((await ask(app)).status, LET_IN);
    const { id, key, db } = await keyFor(context, settings);
    await eventually(async () => (await ask(app)).status === 401);
    assert.equal((await ask(app, { authorization: `Bearer ${key}` })).status, LET_IN);
    assert.equal((await ask(app, { 'x-api-key': key })).status, LET_IN);
    await revokeApiKey(db, id, BY_TEST);
    await eventually(async () => (await ask(app, { 'x-api-key': key })).status === 401);
    assert.match((await ask(app, { 'x-api-key': key })).message, /not known here, or was revoked/);
    assert.equal((await ask(app)).status, 401);
  });

  void it('notes who made and revoked which key, and never the key', async (context) => {
    const { id, key, db } = await keyFor(context, await newDatabase(), 'admin');
    await revokeApiKey(db, id, BY_TEST);
    await assert.rejects(revokeApiKey(db, id, BY_TEST), /No key in use has the id/);
    const lines = await db.selectFrom('audit_log').selectAll().orderBy('action').execute();
    assert.deepEqual(
      lines.map(({ actor, action, target }) => [actor, action, target]),
      [
        ['test', 'create key', `${id} admin a admin`],
        ['test', 'revoke key', id],
      ],
    );
    const everything = JSON.stringify([lines, await db.selectFrom('api_keys').selectAll().execute()]);
    assert.ok(!everything.includes(key.slice(-43)), 'no secret is stored');
  });
});

const WRONG_KEYS: readonly (readonly [string, (key: string) => Record<string, string>])[] = [
  ['none', () => ({})],
  ['another secret', (key) => ({ 'x-api-key': `${key.slice(0, -43)}${'A'.repeat(43)}` })],
  ['another id', (key) => ({ 'x-api-key': key.replace(/_[0-9a-f]{12}_/, '_000000000000_') })],
  ['no more than the id', (key) => ({ 'x-api-key': key.slice(0, -44) })],
  ['something longer', (key) => ({ 'x-api-key': `${key}x` })],
  ['something very long', () => ({ 'x-api-key': 'x'.repeat(8_000) })],
  ['the name of a property', () => ({ 'x-api-key': '__proto__' })],
  ['a user and password', (key) => ({ authorization: `Basic ${btoa(`user:${key}`)}` })],
];

for (const [what, headers] of WRONG_KEYS) {
  void test(`refuses a caller who shows ${what}, and repeats nothing of it`, async (context) => {
    const settings = { DATA_DIR: await testFolder(context) };
    const { key } = await keyFor(context, settings);
    const app = await testApp(context, NOWHERE, settings);
    const answer = await ask(app, headers(key));
    assert.equal(answer.status, 401);
    assert.equal(answer.code, 'unauthorized');
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
    assert.match(answer.message, /sonde keys create/);
    for (const value of Object.values(headers(key))) assert.ok(!answer.message.includes(value));
  });
}

void test('health and the description are open, everything else below /api is not', async (context) => {
  const app = await testApp(context, NOWHERE, { API_KEYS_REQUIRED: 'true' });
  assert.equal((await app.request('/api/v1/ai_logs/health')).status, 503, 'there is no Loki, but an answer');
  assert.equal((await app.request('/openapi.json')).status, 200);
  assert.equal((await app.request('/docs')).status, 200);
  assert.equal((await ask(app)).status, 401);
  assert.equal((await ask(app, {}, '/api/v1/ai_logs/nothing')).status, 401);
});

void test('a viewer may not change, and is told which role that takes', async (context) => {
  const settings = { DATA_DIR: await testFolder(context) };
  const viewer = await keyFor(context, settings);
  const analyst = await keyFor(context, settings, 'analyst');
  const app = await testApp(context, NOWHERE, settings);
  const refused = await ask(app, { 'x-api-key': viewer.key }, '/api/v1/ai_logs/nothing', 'POST');
  assert.equal(refused.status, 403);
  assert.equal(refused.code, 'forbidden');
  assert.match(refused.message, new RegExp(`role analyst; the key ${viewer.id} has the role viewer`));
  assert.equal((await ask(app, { 'x-api-key': analyst.key }, '/api/v1/ai_logs/nothing', 'POST')).status, 404);
});

void test('each key has its own number of calls a minute', async (context) => {
  const settings = { DATA_DIR: await testFolder(context), CALLS_PER_MINUTE_MAX: '3' };
  const [one, other] = [await keyFor(context, settings), await keyFor(context, settings)];
  const app = await testApp(context, NOWHERE, settings);
  const statuses: number[] = [];
  for (let call = 0; call < 4; call++) statuses.push((await ask(app, { 'x-api-key': one.key })).status);
  assert.deepEqual(statuses, [LET_IN, LET_IN, LET_IN, 429]);
  const refused = await ask(app, { 'x-api-key': one.key });
  assert.match(refused.message, /made its 3 calls of this minute.*CALLS_PER_MINUTE_MAX/);
  assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d?$/);
  assert.equal((await ask(app, { 'x-api-key': other.key })).status, LET_IN);
});

void test('browsers get in from the origins of the list only', async (context) => {
  const app = await testApp(context, NOWHERE, {
    API_KEYS_REQUIRED: 'true',
    CORS_ORIGINS: 'https://grafana.example.org, https://other.example.org',
  });
  const allowed = async (origin: string, method: string) => {
    const headers = { origin, 'access-control-request-method': 'GET' };
    const response = await app.request(QUERY, { method, headers });
    return [response.status, response.headers.get('access-control-allow-origin')];
  };
  assert.deepEqual(await allowed('https://other.example.org', 'OPTIONS'), [204, 'https://other.example.org']);
  assert.deepEqual(await allowed('https://other.example.org', 'GET'), [401, 'https://other.example.org']);
  assert.deepEqual(await allowed('https://evil.example.org', 'GET'), [401, null]);
  const closed = await testApp(context, NOWHERE);
  const response = await closed.request(QUERY, { headers: { origin: 'https://other.example.org' } });
  assert.equal(response.headers.get('access-control-allow-origin'), null);
});

void test(
  'who has a key keeps access while Postgres is gone',
  { skip: POSTGRES_MISSING },
  async (context) => {
    const postgres = await TestPostgres.start();
    context.after(() => postgres.close());
    const settings = { DATABASE_URL: await postgres.newDatabase() };
    const before = await keyFor(context, settings);
    const app = await testApp(context, NOWHERE, settings);
    await postgres.halt();
    await eventually(async () => (await app.request('/api/v1/ai_logs/health')).status === 503);
    assert.equal((await ask(app, { 'x-api-key': before.key })).status, LET_IN);
    assert.equal((await ask(app)).status, 401);
    await postgres.resume();
    const after = await keyFor(context, settings);
    await eventually(async () => (await ask(app, { 'x-api-key': after.key })).status === LET_IN);
  },
);
