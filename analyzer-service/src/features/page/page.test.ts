import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { testApp, testFolder } from '../../testing/test-stack.ts';

const NO_LOKI = 'http://127.0.0.1:9';
const PROXY = '/api/plugin-proxy/sonde-troubleshoot-app/backend';

async function builtPlugin(context: TestContext): Promise<string> {
  const folder = await testFolder(context);
  await mkdir(path.join(folder, 'host/dist'), { recursive: true });
  await mkdir(path.join(folder, 'dist'));
  await writeFile(path.join(folder, 'host/dist/index.html'), '<!doctype html><title>Sonde</title>');
  await writeFile(path.join(folder, 'dist/module.js'), 'define([], () => {});');
  await writeFile(path.join(folder, 'secret.json'), '{}');
  await writeFile(path.join(folder, '.build-state.json'), '{"built":true,"message":"Built."}');
  return folder;
}

void test('serves the page under every path of it, with a policy that allows scripts from here only', async (context) => {
  const app = await testApp(context, NO_LOKI, { PLUGIN_DIR: await builtPlugin(context) });
  for (const at of [
    '/',
    '/a/sonde-troubleshoot-app/live',
    '/d/troubleshooting',
    '/plugins/sonde-troubleshoot-app',
  ]) {
    const answer = await app.request(at);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-security-policy') ?? '', /script-src 'self';/);
    assert.match(await answer.text(), /<title>Sonde/);
  }
});

void test('files carry an ETag, and nothing beside the built files is handed out', async (context) => {
  const app = await testApp(context, NO_LOKI, { PLUGIN_DIR: await builtPlugin(context) });
  const url = '/public/plugins/sonde-troubleshoot-app/module.js';
  const etag = (await app.request(url)).headers.get('etag') ?? '';
  assert.equal((await app.request(url, { headers: { 'if-none-match': etag } })).status, 304);
  const outside = await app.request('/public/plugins/sonde-troubleshoot-app/..%2fsecret.json');
  assert.equal(outside.status, 404);
});

void test('says that the page is not built yet, as text, and comes back by itself', async (context) => {
  const folder = await testFolder(context);
  await writeFile(path.join(folder, '.build-state.json'), '{"built":false,"message":"<b>Building</b>"}');
  const app = await testApp(context, NO_LOKI, { PLUGIN_DIR: folder });
  const answer = await app.request('/');
  const text = await answer.text();
  assert.equal(answer.status, 503);
  assert.match(text, /http-equiv="refresh"[\s\S]*&lt;b>Building[\s\S]*href="\/docs"/);
});

void test('calls of the page pass the same access check as the API', async (context) => {
  const folder = await builtPlugin(context);
  const open = await testApp(context, NO_LOKI, { PLUGIN_DIR: folder });
  assert.equal((await open.request(`${PROXY}/api/v1/ai_logs/cache`)).status, 200);
  const closed = await testApp(context, NO_LOKI, { PLUGIN_DIR: folder, API_KEYS_REQUIRED: 'true' });
  assert.equal((await closed.request(`${PROXY}/api/v1/ai_logs/cache`)).status, 401);
});

void test('without the page, / leads to the description of the API', async (context) => {
  const app = await testApp(context, NO_LOKI, { PAGE_ENABLED: 'false' });
  const answer = await app.request('/');
  assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/docs']);
});
