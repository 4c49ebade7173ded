import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { NO_LOKI, remoteModel } from '../../testing/chat-stack.ts';
import { SocketClient } from '../../testing/socket-client.ts';
import { testService } from '../../testing/test-stack.ts';
import { type ChatSession, chatReplySchema } from './schema.ts';

async function serviceWithModel(context: TestContext) {
  const model = await remoteModel(context);
  const { url } = await testService(context, NO_LOKI, model.settings);
  const client = new SocketClient(context, `${url}/api/v1/chat/socket`, chatReplySchema);
  const read = async (id: string) => (await fetch(`${url}/api/v1/chat/${id}`)).json() as Promise<ChatSession>;
  return { ...model, client, read };
}

void test('a session begins over a WebSocket, goes on there, and is kept', async (context) => {
  const { client, read } = await serviceWithModel(context);
  await client.send({ type: 'chat', request_id: 'a', message: 'How is it?' });
  const { session_id } = await client.next('session');
  const first = await client.next('text');
  assert.equal(first.request_id, 'a');
  assert.equal((await client.next('done')).message, 'all well');
  await client.send({ type: 'chat', session_id, message: 'And now?' });
  const done = await client.next('done');
  assert.deepEqual([done.session_id, done.turn], [session_id, 4]);
  assert.equal((await read(session_id)).messages.length, 4);
});

void test('a cancelled message is kept as failed, and sent again with retry', async (context) => {
  const { client, read, state } = await serviceWithModel(context);
  state.behaviour = 'silent';
  await client.send({ type: 'chat', request_id: 'a', message: 'How is it?' });
  const { session_id } = await client.next('session');
  await client.next('text');
  await client.send({ type: 'cancel', request_id: 'a' });
  const error = await client.next('error');
  assert.deepEqual([error.code, error.request_id], ['cancelled', 'a']);
  assert.equal((await read(session_id)).messages[0]?.state, 'failed');
  state.behaviour = 'openai';
  await client.send({ type: 'chat', session_id, retry: true });
  assert.equal((await client.next('done')).message, 'all well');
});

void test('a message without words is refused', async (context) => {
  const { client } = await serviceWithModel(context);
  await client.send({ type: 'chat' });
  assert.match((await client.next('error')).message, /give a message/);
});
