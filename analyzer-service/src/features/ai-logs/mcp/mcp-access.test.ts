import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { answerJson, fakeLoki } from '../../../testing/fake-loki.ts';
import { connectOverHttp, connectOverStdio } from '../../../testing/mcp-client.ts';
import { testDatabase } from '../../../testing/test-access.ts';
import { testFolder, testService, testStore } from '../../../testing/test-stack.ts';
import { createApiKey } from '../../access/api-keys.ts';

// Keys, limits, the audit log, web pages, callers that leave, many calls at once, and restarts.

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
const TROUBLESHOOT = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'troubleshoot' } };

function post(url: string, headers: Record<string, string> = {}, body = LIST): Promise<Response> {
  return fetch(`${url}/mcp`, { method: 'POST', headers: { ...HEADERS, ...headers }, body });
}

async function serviceWithKey(context: TestContext, settings: Record<string, string> = {}) {
  const store = await testStore(context);
  const all = { DATA_DIR: await testFolder(context), ...settings };
  const { db } = await testDatabase(context, all);
  const { key, id } = await createApiKey(
    db,
    { name: 'an agent', role: 'viewer' },
    { actor: 'test', nowMs: Date.UTC(2026, 10, 21) },
  );
  const { url } = await testService(context, store.url, all);
  return { url, key, id, db };
}

void test('takes the same keys as the API: a viewer may call every tool, nobody without a key', async (context) => {
  const { url, key, id, db } = await serviceWithKey(context);
  const refused = await post(url);
  assert.equal(refused.status, 401);
  assert.match(await refused.text(), /sonde keys create/);
  const agent = await connectOverHttp(context, `${url}/mcp`, { authorization: `Bearer ${key}` });
  assert.equal((await agent.call('troubleshoot')).isError, false);
  const rows = await db.selectFrom('audit_log').selectAll().where('actor', '=', id).execute();
  assert.deepEqual(
    rows.map(({ action, target }) => [action, target]),
    [['mcp tools/call', 'troubleshoot']],
  );
});

void test('over stdio the key is the one of the environment, and is missed in plain words', async (context) => {
  const { url, key } = await serviceWithKey(context);
  const without = await connectOverStdio(context, ['--url', url], { SONDE_API_KEY: '' });
  const refused = await without.call('troubleshoot');
  assert.equal(refused.isError, true);
  assert.match(refused.text, /unauthorized.*Set SONDE_API_KEY/);
  const agent = await connectOverStdio(context, ['--url', url], { SONDE_API_KEY: key });
  assert.equal((await agent.call('troubleshoot')).isError, false);
});

void test('a key has its calls of a minute, whichever way it makes them', async (context) => {
  const { url, key } = await serviceWithKey(context, { CALLS_PER_MINUTE_MAX: '3' });
  const statuses: number[] = [];
  for (let call = 0; call < 4; call++) statuses.push((await post(url, { 'x-api-key': key })).status);
  assert.deepEqual(statuses, [200, 200, 200, 429]);
});

void test('a web page elsewhere gets nothing, by its origin or by a name of its own', async (context) => {
  const store = await testStore(context);
  const settings = { DATA_DIR: await testFolder(context), CORS_ORIGINS: 'https://grafana.example.org' };
  const { url } = await testService(context, store.url, settings);
  const foreign = await post(url, { origin: 'https://evil.example.org' });
  assert.equal(foreign.status, 400);
  assert.match(await foreign.text(), /CORS_ORIGINS/);
  assert.equal((await post(url, { origin: 'https://grafana.example.org' })).status, 200);
});

void test('when the caller goes, the question to Loki ends', async (context) => {
  let asked: (() => void) | undefined;
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  let ended: (() => void) | undefined;
  const isEnded = new Promise<void>((resolve) => (ended = resolve));
  const loki = await fakeLoki(context, (url, response) => {
    if (url.pathname.endsWith('/index/stats')) return answerJson(response, { bytes: 1 });
    response.on('close', () => ended?.());
    asked?.();
  });
  const { url } = await testService(context, loki.url, { DATA_DIR: await testFolder(context) });
  const stop = new AbortController();
  const call = fetch(`${url}/mcp`, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify(TROUBLESHOOT),
    signal: stop.signal,
  });
  await isAsked;
  stop.abort();
  await assert.rejects(call, { name: 'AbortError' });
  await isEnded;
});

void test('forty calls at once are each answered, or told to come again', async (context) => {
  const store = await testStore(context);
  const settings = { DATA_DIR: await testFolder(context), REQUESTS_AT_ONCE_MAX: '8' };
  const { url } = await testService(context, store.url, settings);
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => post(url, {}, JSON.stringify(TROUBLESHOOT))),
  );
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  for (const [index, { status }] of answers.entries()) {
    assert.ok(status === 200 || status === 429, `${status}`);
    assert.match(texts[index] ?? '', status === 200 ? /"isError"|no lines/ : /Try again in two seconds/);
  }
  assert.ok(answers.some(({ status }) => status === 200));
  assert.equal((await post(url, {}, JSON.stringify(TROUBLESHOOT))).status, 200, 'and then it goes on');
});

void test('a session survives a restart: the call meanwhile fails with what to do, the next one works', async (context) => {
  const store = await testStore(context);
  const settings = { DATA_DIR: await testFolder(context) };
  const first = await testService(context, store.url, settings);
  const port = new URL(first.url).port;
  const overHttp = await connectOverHttp(context, `${first.url}/mcp`);
  const overStdio = await connectOverStdio(context, ['--url', first.url]);
  for (const agent of [overHttp, overStdio]) assert.equal((await agent.call('troubleshoot')).isError, false);
  await first.close();
  const meanwhile = await overStdio.call('troubleshoot');
  assert.equal(meanwhile.isError, true);
  assert.match(meanwhile.text, /No analyzer answers at .* Make the same call in a few seconds/);
  await assert.rejects(overHttp.call('troubleshoot'), /fetch failed/);
  await testService(context, store.url, { ...settings, PORT: port });
  for (const agent of [overHttp, overStdio]) assert.equal((await agent.call('troubleshoot')).isError, false);
});
