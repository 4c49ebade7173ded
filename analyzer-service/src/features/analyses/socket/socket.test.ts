import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { SocketClient } from '../../../testing/socket-client.ts';
import { eventually, testDatabase } from '../../../testing/test-access.ts';
import { testFolder, testService } from '../../../testing/test-stack.ts';
import { createApiKey } from '../../access/api-keys.ts';
import { analysisHeadSchema } from '../schema.ts';
import { type ServerMessage, serverMessageSchema } from './schema.ts';
import { incident } from '../testing/incident.ts';

const NOWHERE = 'http://127.0.0.1:9';

class Client extends SocketClient<ServerMessage> {
  constructor(context: TestContext, url: string, headers: Record<string, string> = {}) {
    super(context, `${url}/api/v1/analyses/socket`, serverMessageSchema, headers);
  }
}

async function service(context: TestContext, settings: Record<string, string> = {}) {
  const DATA_DIR = await testFolder(context);
  const { url } = await testService(context, NOWHERE, { DATA_DIR, ...settings });
  return { url, DATA_DIR };
}

/** Fits into one message. */
const SHORT = incident().split('\n').slice(2_350, 2_700).join('\n');

void test('a log is received, its state told, and its analysis sent', async (context) => {
  const { url } = await service(context);
  const client = new Client(context, url);
  assert.equal((await client.next('authenticated')).actor, 'anybody');
  await client.send({ type: 'analyze_log', request_id: 'mine', text: SHORT });
  assert.equal((await client.next('request_received')).request_id, 'mine');
  const status = await client.next('analysis_status');
  assert.deepEqual([status.request_id, status.state], ['mine', 'running']);
  const { request_id, analysis } = await client.next('analysis_result');
  assert.equal(request_id, 'mine');
  assert.match(JSON.stringify(analysis.result?.findings), /no connection left/);
  const stored = await fetch(`${url}/api/v1/analyses/${analysis.id}`);
  assert.equal(stored.status, 200);
});

void test('an analysis that POST began is followed by its id', async (context) => {
  const { url } = await service(context);
  const body = JSON.stringify({ text: incident(), background: true });
  const response = await fetch(`${url}/api/v1/analyses`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  const { id } = analysisHeadSchema.parse(await response.json());
  const client = new Client(context, url);
  await client.send({ type: 'analyze_log', request_id: 'later', analysis_id: id });
  assert.equal((await client.next('analysis_result')).analysis.id, id);
});

void test('ping, get_models and server_status are answered', async (context) => {
  const { url } = await service(context);
  const client = new Client(context, url);
  await client.send({ type: 'ping' });
  await client.next('pong');
  await client.send({ type: 'get_models' });
  assert.deepEqual((await client.next('models')).models, []);
  await client.send({ type: 'server_status' });
  assert.deepEqual([(await client.next('server_status')).clients], [1]);
});

for (const [what, message, code] of [
  ['no JSON', '{', 'invalid_request'],
  ['an unknown type', { type: 'shutdown' }, 'invalid_request'],
  ['no text', { type: 'analyze_log', request_id: 'a' }, 'invalid_request'],
  ['an unknown field', { type: 'analyze_log', request_id: 'a', text: 'b', colour: 'red' }, 'invalid_request'],
  [
    'nobodys analysis',
    { type: 'analyze_log', request_id: 'a', analysis_id: '0d9ce3a2-6f2b-4b39-8f0e-0a4fc0a2a3c1' },
    'not_found',
  ],
] as const)
  void test(`${what} is answered with the error ${code}, and the socket stays`, async (context) => {
    const { url } = await service(context);
    const client = new Client(context, url);
    await client.send(message);
    const error = await client.next('error');
    assert.equal(error.code, code);
    if (typeof message === 'object' && 'request_id' in message) assert.equal(error.request_id, 'a');
    await client.send({ type: 'ping' });
    await client.next('pong');
  });

void test('with keys, nobody is served before the first message says who it is', async (context) => {
  const { url, DATA_DIR } = await service(context, { API_KEYS_REQUIRED: 'true' });
  const { db } = await testDatabase(context, { DATA_DIR });
  const change = { actor: 'test', nowMs: Date.now() };
  const analyst = await createApiKey(db, { name: 'a', role: 'analyst' }, change);
  const viewer = await createApiKey(db, { name: 'v', role: 'viewer' }, change);
  const client = new Client(context, url);
  await client.send({ type: 'server_status' });
  assert.equal((await client.next('error')).code, 'unauthorized');
  await client.send({ type: 'authentication', api_key: 'sonde_wrong' });
  assert.equal((await client.next('error')).code, 'unauthorized');
  const isKnown = async ({ key }: { readonly key: string }) =>
    (await fetch(`${url}/api/v1/analyses`, { headers: { authorization: `Bearer ${key}` } })).status === 200;
  await eventually(async () => (await isKnown(analyst)) && (await isKnown(viewer)));
  await client.send({ type: 'authentication', api_key: viewer.key });
  assert.equal((await client.next('authenticated')).role, 'viewer');
  await client.send({ type: 'analyze_log', text: 'a' });
  assert.equal((await client.next('error')).code, 'forbidden');
  const other = new Client(context, url, { authorization: `Bearer ${analyst.key}` });
  assert.equal((await other.next('authenticated')).role, 'analyst');
  await other.send({ type: 'analyze_log', text: 'a line\n' });
  const { analysis } = await other.next('analysis_result');
  assert.equal(analysis.actor, analyst.id);
  const audited = await db
    .selectFrom('audit_log')
    .select('target')
    .where('action', '=', 'analyze_log')
    .execute();
  assert.deepEqual(audited, [{ target: `/api/v1/analyses/${analysis.id}` }]);
});

void test('a page of another origin is refused, and so is a plain request', async (context) => {
  const { url } = await service(context);
  const client = new Client(context, url, { origin: 'https://evil.example' });
  const [error] = (await once(client.socket, 'error')) as [Error];
  assert.match(error.message, /400/);
  assert.equal((await fetch(`${url}/api/v1/analyses/socket`)).status, 400);
});
