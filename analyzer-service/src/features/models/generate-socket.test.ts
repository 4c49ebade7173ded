import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { keyOf, NO_LOKI, remoteModel } from '../../testing/chat-stack.ts';
import { SocketClient } from '../../testing/socket-client.ts';
import { eventually, testDatabase } from '../../testing/test-access.ts';
import { testFolder, testService } from '../../testing/test-stack.ts';
import { generateAnswerSchema } from './schema.ts';

async function serviceWithModel(context: TestContext, more: Record<string, string> = {}) {
  const model = await remoteModel(context);
  const settings = { DATA_DIR: await testFolder(context), ...model.settings, ...more };
  const { url } = await testService(context, NO_LOKI, settings);
  const connect = (headers: Record<string, string> = {}) =>
    new SocketClient(context, `${url}/api/v1/generate/socket`, generateAnswerSchema, headers);
  return { ...model, settings, url, connect };
}

void test('a prompt is answered piece by piece, and several at a time by their ids', async (context) => {
  const { connect } = await serviceWithModel(context);
  const client = connect();
  assert.equal((await client.next('authenticated')).actor, 'anybody');
  await client.send({ type: 'generate', request_id: 'a', prompt: 'How is it?' });
  const done = await client.next('done');
  assert.deepEqual(
    [done.request_id, done.text, done.model, done.tokens_used, done.cached],
    ['a', 'all well', 'one', { prompt: 7, answer: 2, total: 9 }, false],
  );
  for (const request_id of ['b', 'c']) await client.send({ type: 'generate', request_id, prompt: 'Now?' });
  await eventually(() => Promise.resolve(client.answers.filter(({ type }) => type === 'done').length === 2));
  for (const id of ['b', 'c']) {
    const texts = client.answers.flatMap((a) => (a.type === 'text' && a.request_id === id ? [a.text] : []));
    assert.ok(texts.length > 1);
    assert.equal(texts.join(''), 'all well');
  }
});

void test('a request that is cancelled stops the model, and so does a client that goes', async (context) => {
  const { connect, state, open } = await serviceWithModel(context);
  state.behaviour = 'silent';
  const client = connect();
  const prompt = { type: 'generate', prompt: 'How is it?' };
  await client.send({ ...prompt, request_id: 'a' });
  await client.next('text');
  await client.send({ ...prompt, request_id: 'a' });
  assert.match((await client.next('error')).message, /request a is under way/);
  await client.send({ type: 'cancel', request_id: 'a' });
  const cancelled = await client.next('error');
  assert.deepEqual([cancelled.code, cancelled.request_id], ['cancelled', 'a']);
  await eventually(() => Promise.resolve(open() === 0));
  await client.send({ type: 'cancel', request_id: 'a' });
  assert.equal((await client.next('error')).code, 'not_found');
  await client.send({ ...prompt, request_id: 'b' });
  await client.next('text');
  client.socket.terminate();
  await eventually(() => Promise.resolve(open() === 0));
});

void test('what is wrong is said, and the socket stays', async (context) => {
  const { connect, state } = await serviceWithModel(context, { MODEL_PROMPT_CHARS_MAX: '100' });
  const client = connect();
  const codeAfter = async (message: object) => {
    await client.send(message);
    return (await client.next('error')).code;
  };
  assert.equal(await codeAfter({ type: 'generate', prompt: 'x'.repeat(101) }), 'invalid_request');
  assert.equal(await codeAfter({ type: 'generate' }), 'invalid_request');
  assert.equal(await codeAfter({ type: 'generate', prompt: 'a', model: 'nobody' }), 'not_found');
  state.behaviour = 'broken';
  assert.equal(await codeAfter({ type: 'generate', prompt: 'a' }), 'model_unavailable');
  await client.send({ type: 'ping' });
  await client.next('pong');
});

void test('with keys it takes an analyst, and each prompt is a call that is counted and noted', async (context) => {
  const limits = { API_KEYS_REQUIRED: 'true', CALLS_PER_MINUTE_MAX: '3' };
  const { connect, settings, url } = await serviceWithModel(context, limits);
  const viewer = await keyOf(context, settings, 'viewer');
  const analyst = await keyOf(context, settings, 'analyst');
  const generate = { type: 'generate', prompt: 'How is it?' };
  const nobody = connect();
  await nobody.send(generate);
  assert.equal((await nobody.next('error')).code, 'unauthorized');
  const isKnown = async () =>
    (await fetch(`${url}/api/v1/models`, { headers: viewer.headers })).status === 200;
  await eventually(isKnown);
  const reading = connect(viewer.headers);
  await reading.send(generate);
  assert.equal((await reading.next('error')).code, 'forbidden');
  const client = connect();
  await client.send({ type: 'authentication', api_key: analyst.headers['x-api-key'] });
  assert.equal((await client.next('authenticated')).role, 'analyst');
  for (const _ of [1, 2]) {
    await client.send(generate);
    await client.next('done');
  }
  await client.send(generate);
  assert.equal((await client.next('error')).code, 'too_many_requests');
  const { db } = await testDatabase(context, settings);
  const noted = await db
    .selectFrom('audit_log')
    .select(['actor', 'target'])
    .where('action', '=', 'generate')
    .execute();
  assert.deepEqual(
    noted,
    [1, 2].map(() => ({ actor: analyst.id, target: '/api/v1/generate' })),
  );
});
