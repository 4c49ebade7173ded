import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it, test } from 'node:test';
import path from 'node:path';
import { readConfig } from '../../config.ts';
import {
  modelsFile,
  NO_LOKI,
  posted,
  refusal,
  remoteModel,
  say,
  session,
  sessions,
} from '../../testing/chat-stack.ts';
import { testDatabase } from '../../testing/test-access.ts';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { testApp, testFolder } from '../../testing/test-stack.ts';
import { writeTinyGguf } from '../../testing/tiny-gguf.ts';
import { ChatStore } from './chat-store.ts';
import { keepChats } from './keep-chats.ts';

const CHAT = '/api/v1/chat';
const newKey = (name: string) => `${name}:${randomBytes(32).toString('base64')}`;

onBothDatabases((newDatabase) => {
  void it('is encrypted with the key of analyses, again after it was changed, and removed when it is old', async (context) => {
    const { settings } = await remoteModel(context);
    const database = await newDatabase();
    const { db } = await testDatabase(context, database);
    const stored = async () =>
      JSON.stringify([
        await db.selectFrom('chat_sessions').selectAll().execute(),
        await db.selectFrom('chat_turns').selectAll().execute(),
      ]);
    const plain = await testApp(context, NO_LOKI, { ...settings, ...database });
    const open = await say(plain, { message: 'Not hidden' });
    assert.equal((await session(plain, open.session_id)).encrypted, false);
    const [old, current] = [newKey('old'), newKey('new')];
    const withOld = await testApp(context, NO_LOKI, { ...settings, ...database, ANALYSIS_KEYS: old });
    const secret = await say(withOld, { message: 'My secret', instruction: 'Hush' });
    assert.equal((await session(withOld, secret.session_id)).encrypted, true);
    for (const text of ['My secret', 'Hush'])
      assert.ok(!(await stored()).includes(Buffer.from(text).toString('base64').slice(0, 8)));

    const { ANALYSIS_KEYS: keys } = readConfig({ ANALYSIS_KEYS: `${current},${old}` });
    const store = new ChatStore(db, keys);
    const keeping = (clock: () => number) => keepChats({ db, store, clock, daysMax: 30, keys });
    const never = new AbortController().signal;
    await keeping(Date.now).run({}, never);
    const withNew = await testApp(context, NO_LOKI, { ...settings, ...database, ANALYSIS_KEYS: current });
    for (const [id, text] of [
      [open.session_id, 'Not hidden'],
      [secret.session_id, 'My secret'],
    ] as const)
      assert.equal((await session(withNew, id)).messages[0]?.message, text);
    assert.match(await refusal(plain, 500, `${CHAT}/${open.session_id}`), /ANALYSIS_KEYS does not hold/);
    assert.deepEqual(
      (await sessions(plain)).sessions.map(({ title }) => title),
      [null, null],
    );
    await keeping(() => Date.now() + 31 * 24 * 3_600_000).run({}, never);
    assert.equal(await stored(), '[[],[]]');
  });
});

void test('what a remote model may not see is hidden, and put back for the reader, also in pieces', async (context) => {
  const { settings, state } = await remoteModel(context, 'Block [IP_1] for [NAME_1].');
  const redaction = { REDACTED_NAMES: 'Acme', REDACT_LOCAL_MODELS: 'true' };
  const app = await testApp(context, NO_LOKI, { ...settings, ...redaction });
  const message = 'Acme is attacked from 203.0.113.9';
  const answer = await say(app, { message });
  assert.equal(answer.message, 'Block 203.0.113.9 for Acme.');
  assert.deepEqual(answer.redacted, { ip: 1, name: 1 });
  const again = { session_id: answer.session_id, message: 'Is 203.0.113.9 blocked?', stream: true };
  const events = await (await app.request(CHAT, posted(again))).text();
  const told = [...events.matchAll(/^data: \{"text":"(.*)"\}$/gm)].map(([, text]) => text).join('');
  assert.equal(told, 'Block 203.0.113.9 for Acme.');
  for (const body of state.bodies) assert.ok(!/203\.0\.113\.9|Acme/.test(body), body);
});

void test('without a model it says so and what to do, and keeps nothing', async (context) => {
  const app = await testApp(context, NO_LOKI);
  const told = await refusal(app, 503, CHAT, posted({ message: 'Anybody?' }));
  assert.match(told, /^model_unavailable: No model is configured for chat\. .*MODELS_CONFIG/);
  assert.deepEqual((await sessions(app)).sessions, []);
});

void test('a local model answers within its context, whatever the session holds', async (context) => {
  const file = path.join(await testFolder(context), 'tiny.gguf');
  await writeTinyGguf(file);
  const local = { kind: 'gguf', path: file, context_tokens: 2_048 };
  const settings = { MODELS_CONFIG: await modelsFile(context, { local }), CHAT_PROMPT_TOKENS_MAX: '160' };
  const app = await testApp(context, NO_LOKI, settings);
  let id: string | undefined;
  let leftOut = 0;
  for (let turn = 0; turn < 4; turn++) {
    const answer = await say(app, { session_id: id, message: 'pool is empty '.repeat(8), max_tokens: 8 });
    assert.deepEqual([answer.model, answer.local, answer.tokens_used.answer], ['local', true, 8]);
    [id, leftOut] = [answer.session_id, answer.turns_left_out];
  }
  assert.ok(leftOut > 0);
});
