import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { createApiKey } from '../features/access/api-keys.ts';
import { eventually, testDatabase } from '../testing/test-access.ts';
import { testFolder, testService } from '../testing/test-stack.ts';

const NOWHERE = 'http://127.0.0.1:9';
const OPENAPI = '/openapi.json';
const PROXIED = '/api/plugin-proxy/sonde-troubleshoot-app/backend/api/v1/ai_logs/query';

/** What a browser does for a page whose name was given the address of this machine. */
async function statusFor(serviceUrl: string, host: string, path = OPENAPI): Promise<number | undefined> {
  const asked = request(`${serviceUrl}${path}`, { headers: { host } }).end();
  const [response] = (await once(asked, 'response')) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

async function service(context: TestContext, settings: Record<string, string> = {}) {
  const DATA_DIR = await testFolder(context);
  return { ...(await testService(context, NOWHERE, { DATA_DIR, ...settings })), DATA_DIR };
}

void test('while no key is needed, only names of this machine get an answer', async (context) => {
  const { url } = await service(context, { ALLOWED_HOSTS: 'sonde.internal, other.internal' });
  const { port } = new URL(url);
  for (const name of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST', 'sonde.localhost', 'other.internal'])
    assert.equal(await statusFor(url, `${name}:${port}`), 200, name);
  for (const name of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '192.168.1.7'])
    for (const path of [OPENAPI, '/metrics', '/api/v1/ai_logs/query', '/docs', PROXIED])
      assert.equal(await statusFor(url, `${name}:${port}`, path), 403, `${name} ${path}`);
});

void test('nor does it open a live stream for another name', async (context) => {
  const { url } = await service(context);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ai_logs/stream`, {
    headers: { host: 'evil.example' },
  });
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /403/);
});

void test('with keys any name will do: a foreign page has none', async (context) => {
  const { url, DATA_DIR } = await service(context);
  const { db } = await testDatabase(context, { DATA_DIR });
  await createApiKey(db, { name: 'k', role: 'viewer' }, { actor: 'test', nowMs: 0 });
  await eventually(async () => (await statusFor(url, 'evil.example')) === 200);
  assert.equal(await statusFor(url, 'evil.example', '/api/v1/ai_logs/query'), 401);
});
