import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { readConfig } from '../config.ts';
import { testApp, testService } from '../testing/test-stack.ts';

const NOWHERE = 'http://127.0.0.1:9';
const PROXIED = '/api/plugin-proxy/sonde-troubleshoot-app/backend/api/v1/usage';
type App = Awaited<ReturnType<typeof testApp>>;

/** As if the connection came from there. */
async function statusFrom(app: App, remoteAddress: string, headers: Record<string, string> = {}) {
  const incoming = { socket: { remoteAddress, remotePort: 1, remoteFamily: 'IPv4' } };
  return (await app.request('/openapi.json', { headers }, { incoming })).status;
}

void test('only the addresses and networks that are named may call, whatever a header says', async (context) => {
  const ALLOWED_IPS = '10.0.0.0/8, 192.0.2.7, fd00::/8, 2001:db8::1';
  const app = await testApp(context, NOWHERE, { ALLOWED_IPS });
  const allowed = ['10.1.2.3', '192.0.2.7', '::ffff:10.1.2.3', 'fd12::1', '2001:db8::1', 'fd00::1%eth0'];
  for (const address of allowed) assert.equal(await statusFrom(app, address), 200, address);
  const refused = ['11.0.0.1', '192.0.2.8', '127.0.0.1', '::1', '::ffff:11.0.0.1', '2001:db8::2', 'x', ''];
  for (const address of refused)
    assert.equal(await statusFrom(app, address, { 'x-forwarded-for': '10.1.2.3' }), 403, address);
});

void test('is looked at before the key, and on a real connection, also of a WebSocket', async (context) => {
  const settings = { API_KEYS_REQUIRED: 'true', ALLOWED_IPS: '10.0.0.0/8' };
  const closed = await testService(context, NOWHERE, settings);
  const answer = await fetch(`${closed.url}/api/v1/usage`);
  assert.equal(answer.status, 403);
  for (const path of ['/', '/docs', '/metrics', '/mcp', '/api/v1/ai_logs/health', PROXIED])
    assert.equal((await fetch(`${closed.url}${path}`)).status, 403, path);
  assert.match(await answer.text(), /forbidden.*Nobody may call from (::ffff:)?127\.0\.0\.1\. .*ALLOWED_IPS/);
  const socket = new WebSocket(`${closed.url.replace('http', 'ws')}/api/v1/analyses/socket`);
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /403/);
  const open = await testService(context, NOWHERE, { ...settings, ALLOWED_IPS: '127.0.0.1' });
  assert.equal((await fetch(`${open.url}/api/v1/usage`)).status, 401);
});

void test('what is no address and no network is told at the start', () => {
  for (const wrong of ['10.0.0.0/33', 'fd00::/129', 'localhost', '10.0.0', '10.0.0.0/8/8', '10.0.0.0/'])
    assert.throws(
      () => readConfig({ ALLOWED_IPS: wrong }),
      /ALLOWED_IPS: must be addresses or networks/,
      wrong,
    );
});
