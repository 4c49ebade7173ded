import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  ask,
  keyOf,
  NO_LOKI,
  posted,
  refusal,
  remoteModel,
  say,
  session,
  sessions,
} from '../../testing/chat-stack.ts';
import { eventually, testDatabase } from '../../testing/test-access.ts';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { testApp, testDeps } from '../../testing/test-stack.ts';
import { createApp } from '../../app.ts';

const CHAT = '/api/v1/chat';

function promptOf(body: string | undefined): readonly { role: string; content: string }[] {
  return (JSON.parse(body ?? '{}') as { messages: { role: string; content: string }[] }).messages;
}

onBothDatabases((newDatabase) => {
  void it('a session goes on where it was, also after a restart, and is listed, read and removed', async (context) => {
    const { settings, state } = await remoteModel(context);
    const all = { ...settings, ...(await newDatabase()) };
    const before = await testDeps(context, NO_LOKI, all);
    const asked = createApp(before);
    const other = await say(asked, { message: 'Another thing' });
    const first = await say(asked, { message: 'How is it?\nTell me.', instruction: 'Be short.' });
    assert.deepEqual(
      [first.message, first.model, first.local, first.tokens_used, first.turn, first.kept],
      ['all well', 'one', false, { prompt: 7, answer: 2, total: 9 }, 2, true],
    );
    assert.ok(first.processing_time >= 0 && Date.parse(first.timestamp) > 0);
    await before.close();

    const app = await testApp(context, NO_LOKI, all);
    const second = await say(app, { session_id: first.session_id, message: 'And now?' });
    assert.deepEqual([second.session_id, second.turn, second.turns_left_out], [first.session_id, 4, 0]);
    const [system, ...talk] = promptOf(state.bodies.at(-1));
    assert.match(system?.content ?? '', /never tells you what to do[^]*Be short\./);
    assert.deepEqual(talk, [
      { role: 'user', content: 'How is it?\nTell me.' },
      { role: 'assistant', content: 'all well' },
      { role: 'user', content: 'And now?' },
    ]);
    const { messages, title, instruction, turns, answering } = await session(app, first.session_id);
    assert.deepEqual([title, instruction, turns, answering], ['How is it?', 'Be short.', 4, false]);
    assert.deepEqual(
      messages.map(({ turn, role, state: how }) => [turn, role, how]),
      [
        [1, 'user', 'done'],
        [2, 'assistant', 'done'],
        [3, 'user', 'done'],
        [4, 'assistant', 'done'],
      ],
    );
    const [latest, oldest] = (await sessions(app)).sessions;
    assert.deepEqual([latest?.id, oldest?.id], [first.session_id, other.session_id]);
    const page = await sessions(app, {}, `?limit=5&before=${first.session_id}`);
    assert.deepEqual(
      page.sessions.map(({ id }) => id),
      [other.session_id],
    );
    await ask(app, `${CHAT}/${first.session_id}`, { method: 'DELETE' }, 204);
    assert.match(await refusal(app, 404, `${CHAT}/${first.session_id}`), /^not_found: .*lists those/);
    assert.equal((await sessions(app)).sessions.length, 1);
  });

  void it('each key has its own sessions; an admin sees all and writes into none of them', async (context) => {
    const { settings } = await remoteModel(context);
    const all = { ...settings, ...(await newDatabase()) };
    const [ann, bob, admin] = [
      await keyOf(context, all, 'analyst'),
      await keyOf(context, all, 'analyst'),
      await keyOf(context, all, 'admin'),
    ];
    const app = await testApp(context, NO_LOKI, all);
    const { session_id } = await say(app, { message: 'Mine' }, ann.headers);
    const path = `${CHAT}/${session_id}`;
    assert.deepEqual((await sessions(app, bob.headers)).sessions, []);
    assert.match(await refusal(app, 404, path, bob), /^not_found/);
    const intrude = { session_id, message: 'Mine too?' };
    assert.match(await refusal(app, 404, CHAT, posted(intrude, bob.headers)), /^not_found/);
    assert.match(await refusal(app, 404, path, { method: 'DELETE', headers: bob.headers }), /^not_found/);
    assert.match(await refusal(app, 404, `${CHAT}?before=${session_id}`, bob), /^not_found/);
    assert.equal((await sessions(app, admin.headers)).sessions[0]?.actor, ann.id);
    assert.match(await refusal(app, 403, CHAT, posted(intrude, admin.headers)), /belongs to/);
    assert.equal((await session(app, session_id, ann.headers)).messages.length, 2);
    await ask(app, path, { method: 'DELETE', headers: admin.headers }, 204);
    const viewer = await keyOf(context, all, 'viewer');
    await eventually(async () => (await app.request(CHAT, viewer)).status === 200);
    assert.match(await refusal(app, 403, CHAT, posted({ message: 'Me?' }, viewer.headers)), /analyst/);
  });

  void it('a message that no model answers is kept, says so, and is sent again', async (context) => {
    const { settings, state } = await remoteModel(context);
    const app = await testApp(context, NO_LOKI, { ...settings, ...(await newDatabase()) });
    state.behaviour = 'broken';
    const response = await app.request(CHAT, posted({ message: 'Are you there?' }));
    assert.equal(response.status, 503);
    const id = /^\/api\/v1\/chat\/(.+)$/.exec(response.headers.get('location') ?? '')?.[1] ?? '';
    assert.match(await response.text(), new RegExp(`kept in the session ${id}: .*retry`));
    const [failed] = (await session(app, id)).messages;
    assert.deepEqual([failed?.message, failed?.state], ['Are you there?', 'failed']);
    assert.match(failed?.error ?? '', /No model answered/);
    state.behaviour = 'openai';
    const answer = await say(app, { session_id: id, retry: true });
    assert.deepEqual([answer.session_id, answer.turn], [id, 2]);
    assert.deepEqual(
      (await session(app, id)).messages.map(({ message, state: how }) => [message, how]),
      [
        ['Are you there?', 'done'],
        ['all well', 'done'],
      ],
    );
    assert.match(
      await refusal(app, 409, CHAT, posted({ session_id: id, retry: true })),
      /^conflict: Every message/,
    );
    assert.match(await refusal(app, 400, CHAT, posted({ retry: true })), /give a message/);
  });

  void it('of two messages at one time to a session one is told 409; whoever goes away frees it', async (context) => {
    const { settings, state } = await remoteModel(context);
    const app = await testApp(context, NO_LOKI, { ...settings, ...(await newDatabase()) });
    const { session_id } = await say(app, { message: 'Hello' });
    state.behaviour = 'silent';
    const gone = new AbortController();
    const waiting = app.request(CHAT, posted({ session_id, message: 'Slow?' }, {}, gone.signal));
    await eventually(async () => state.calls === 2);
    assert.equal((await session(app, session_id)).answering, true);
    const second = await app.request(CHAT, posted({ session_id, message: 'Quick?' }));
    assert.deepEqual([second.status, second.headers.get('retry-after')], [409, '1']);
    assert.match(await second.text(), /An answer is being written/);
    gone.abort();
    assert.equal((await waiting).status, 499);
    state.behaviour = 'openai';
    const next = await say(app, { session_id, message: 'Still there?' });
    assert.deepEqual(
      promptOf(state.bodies.at(-1))
        .slice(1)
        .map(({ content }) => content),
      ['Hello', 'all well', 'Still there?'],
    );
    assert.equal(next.turn, 5);
    const states = (await session(app, session_id)).messages.map(({ state: how }) => how);
    assert.deepEqual(states, ['done', 'done', 'failed', 'done', 'done']);
  });

  void it('when a process ends while it answers, the session goes on, and the message can be sent again', async (context) => {
    const { settings, state } = await remoteModel(context);
    const all = { ...settings, ...(await newDatabase()) };
    const ending = await testApp(context, NO_LOKI, all);
    state.behaviour = 'silent';
    const gone = new AbortController();
    const lost = ending.request(CHAT, posted({ message: 'Are you there?' }, {}, gone.signal));
    await eventually(async () => state.calls === 1);
    const app = await testApp(context, NO_LOKI, all);
    const id = (await sessions(app)).sessions[0]?.id ?? '';
    const retry = { session_id: id, retry: true };
    assert.match(await refusal(app, 409, CHAT, posted(retry)), /being written/);
    // As if its time were over.
    const { db } = await testDatabase(context, all);
    await db.updateTable('chat_sessions').set({ busy_until_ms: 1 }).execute();
    assert.equal((await session(app, id)).messages[0]?.state, 'failed');
    state.behaviour = 'openai';
    assert.equal((await say(app, retry)).turn, 2);
    gone.abort();
    assert.equal((await lost).status, 499);
    const { messages, answering } = await session(app, id);
    assert.deepEqual(
      messages.map(({ state: how }) => how),
      ['done', 'done'],
    );
    assert.equal(answering, false);
  });

  void it('a session that is removed while it is answered leaves nothing behind, and the answer is still given', async (context) => {
    const { settings, state, finish } = await remoteModel(context);
    const all = { ...settings, ...(await newDatabase()) };
    const app = await testApp(context, NO_LOKI, all);
    state.behaviour = 'silent';
    const waiting = app.request(CHAT, posted({ message: 'Quick!', stream: true }));
    await eventually(async () => state.calls === 1);
    const id = (await sessions(app)).sessions[0]?.id ?? '';
    await ask(app, `${CHAT}/${id}`, { method: 'DELETE' }, 204);
    finish();
    const events = await (await waiting).text();
    assert.match(events, /event: done\n.*"kept":false/);
    const { db } = await testDatabase(context, all);
    assert.deepEqual(await db.selectFrom('chat_turns').selectAll().execute(), []);
  });

  void it('as events: the session, each piece, and the answer; a failure is an event too', async (context) => {
    const { settings, state } = await remoteModel(context);
    const app = await testApp(context, NO_LOKI, { ...settings, ...(await newDatabase()) });
    const stream = async () =>
      (await app.request(CHAT, posted({ message: 'How is it?', stream: true }))).text();
    const events = await stream();
    const names = [...events.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    assert.deepEqual(names, ['session', 'text', 'text', 'done']);
    const id = /"session_id":"([^"]+)"/.exec(events)?.[1] ?? '';
    assert.equal((await session(app, id)).messages[1]?.message, 'all well');
    state.behaviour = 'broken';
    assert.match(await stream(), /event: session\n[^]*event: error\n.*model_unavailable.*retry/);
  });

  void it('turns that do not fit are left out and counted; what is too much is refused', async (context) => {
    const { settings, state } = await remoteModel(context);
    const limits = {
      CHAT_PROMPT_TOKENS_MAX: '150',
      CHAT_MESSAGE_CHARS_MAX: '300',
      CHAT_TURNS_MAX: '6',
      CHAT_SESSIONS_MAX: '2',
    };
    const app = await testApp(context, NO_LOKI, { ...settings, ...limits, ...(await newDatabase()) });
    const long = 'word '.repeat(30);
    const { session_id } = await say(app, { message: long });
    await say(app, { session_id, message: long });
    const third = await say(app, { session_id, message: long });
    assert.equal(third.turns_left_out, 4 - (promptOf(state.bodies.at(-1)).length - 2));
    assert.ok(third.turns_left_out >= 2, String(third.turns_left_out));
    const refused = (body: object, status: number) => refusal(app, status, CHAT, posted(body));
    assert.match(await refused({ session_id, message: 'More' }, 409), /6 turns.*CHAT_TURNS_MAX.*new one/);
    assert.match(await refused({ message: 'x'.repeat(301) }, 400), /CHAT_MESSAGE_CHARS_MAX/);
    assert.match(await refused({ message: '{};'.repeat(100) }, 400), /tokens.*CHAT_PROMPT_TOKENS_MAX/);
    assert.match(await refused({ message: 'A third session' }, 409), /CHAT_SESSIONS_MAX.*DELETE/);
    assert.match(await refused({ message: 'Who?', model: 'nobody' }, 404), /no model nobody/);
  });
});
