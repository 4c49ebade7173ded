import assert from 'node:assert/strict';
import { it, test } from 'node:test';
import {
  ask,
  type ChatApp,
  keyOf,
  NO_LOKI,
  posted,
  refusal,
  remoteModel,
  say,
} from '../../testing/chat-stack.ts';
import { type Description, unlikeDescribed } from '../../testing/described.ts';
import { testDatabase } from '../../testing/test-access.ts';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { testApp, testFolder } from '../../testing/test-stack.ts';
import type { ModelHealth, ModelMetrics, ModelUsage } from './schema.ts';
import { removeOldUsage } from './remove-old-usage.ts';
import { UsageBook } from './usage-book.ts';

const DAY_MS = 24 * 3_600_000;
const usageOf = (app: ChatApp, headers: Record<string, string> = {}, query = '') =>
  ask<ModelUsage>(app, `/api/v1/usage${query}`, { headers });
const counted = (requests: number) => ({
  requests,
  prompt_tokens: 7 * requests,
  completion_tokens: 2 * requests,
});

onBothDatabases((newDatabase) => {
  void it('counts what each key has models do, by chat or by a prompt; an admin sees all keys', async (context) => {
    const { settings, state } = await remoteModel(context);
    const all = { ...settings, ...(await newDatabase()) };
    const [ann, bob, admin] = [
      await keyOf(context, all, 'analyst'),
      await keyOf(context, all, 'analyst'),
      await keyOf(context, all, 'admin'),
    ];
    const app = await testApp(context, NO_LOKI, all);
    await say(app, { message: 'How is it?' }, ann.headers);
    await Promise.all(
      ['a', 'b', 'c'].map((prompt) => ask(app, '/api/v1/generate', posted({ prompt }, ann.headers))),
    );
    await say(app, { message: 'Hello' }, bob.headers);
    state.behaviour = 'broken';
    await refusal(app, 503, '/api/v1/chat', posted({ message: 'Lost' }, bob.headers));
    const day = new Date().toISOString().slice(0, 10);
    const own = await usageOf(app, ann.headers);
    assert.deepEqual(own.usage, [{ day, key: ann.id, model: 'one', ...counted(4) }]);
    assert.deepEqual(own.totals, counted(4));
    assert.deepEqual((await usageOf(app, bob.headers)).totals, counted(1));
    const { db } = await testDatabase(context, all);
    const byCaller = await new UsageBook(db, assert.fail).byCaller(0);
    assert.deepEqual(byCaller.get(ann.id), { requests: 4, tokens: 36 });
    const everybody = await usageOf(app, admin.headers, '?limit=1');
    assert.deepEqual([everybody.totals, everybody.usage.length, everybody.left_out], [counted(5), 1, 1]);
    assert.deepEqual((await usageOf(app, admin.headers, `?key=${bob.id}`)).totals, counted(1));
    assert.match(
      await refusal(app, 403, `/api/v1/usage?key=${ann.id}`, bob),
      /takes the role admin. Leave "key" out/,
    );
  });

  void it('adds up over days, and forgets what is too old', async (context) => {
    const { db } = await testDatabase(context, await newDatabase());
    const book = new UsageBook(db, (error) => assert.fail(error));
    const nowMs = Date.UTC(2026, 10, 20, 12);
    for (const agoMs of [0, 3_600_000, DAY_MS, 40 * DAY_MS])
      book.count({ actor: 'a', model: 'm', promptTokens: 10, answerTokens: 1, nowMs: nowMs - agoMs });
    await book.written();
    const all = { actor: null, sinceMs: 0 };
    assert.deepEqual(
      (await book.rows(all, 10)).map(({ requests, prompt_tokens }) => [requests, prompt_tokens]),
      [
        [2, 20],
        [1, 10],
        [1, 10],
      ],
    );
    await removeOldUsage(book, () => nowMs, 30).run({}, new AbortController().signal);
    assert.deepEqual(await book.totals(all), { rows: 2, requests: 3, promptTokens: 30, answerTokens: 3 });
  });
});

void test('counts the words of a summary for the key that asked for them', async (context) => {
  const { settings } = await remoteModel(context);
  const all = { ...settings, DATA_DIR: await testFolder(context) };
  const { headers, id } = await keyOf(context, all, 'analyst');
  const app = await testApp(context, NO_LOKI, all);
  const body = { text: '2026-11-20T10:00:00Z ERROR pool is empty\n', summary: 'model', model: 'one' };
  await ask(app, '/api/v1/analyses', posted(body, headers));
  const { usage } = await usageOf(app, headers);
  assert.deepEqual(
    usage.map(({ key, requests }) => [key, requests]),
    [[id, 1]],
  );
});

void test('what cannot be written is kept and written with the next one', async (context) => {
  const { db } = await testDatabase(context, { DATA_DIR: await testFolder(context) });
  const lost: Error[] = [];
  const book = new UsageBook(db, (error) => lost.push(error));
  const one = { actor: 'a', model: 'm', promptTokens: 10, answerTokens: 1, nowMs: 0 };
  await db.schema.alterTable('model_usage').renameTo('away').execute();
  book.count(one);
  await book.written();
  assert.ok(lost.length > 0);
  await db.schema.alterTable('away').renameTo('model_usage').execute();
  book.count(one);
  await book.written();
  assert.equal((await book.totals({ actor: 'a', sinceMs: 0 })).requests, 2);
});

void test('health tells states and queues, without a model too, and 503 when none is left', async (context) => {
  const bare = await testApp(context, NO_LOKI);
  const none = await ask<ModelHealth>(bare, '/api/v1/health');
  assert.deepEqual([none.status, none.configured, none.models], ['none', 0, []]);
  const { settings, state } = await remoteModel(context);
  const app = await testApp(context, NO_LOKI, settings);
  await say(app, { message: 'How is it?' });
  const well = await ask<ModelHealth>(app, '/api/v1/health');
  assert.deepEqual(
    [well.status, well.loaded, well.models],
    ['ok', 1, [{ name: 'one', kind: 'openai', state: 'loaded', queued: 0 }]],
  );
  state.behaviour = 'busy';
  for (let failure = 0; failure < 3; failure++)
    await app.request('/api/v1/chat', posted({ message: 'Still?' }));
  const ill = await ask<ModelHealth>(app, '/api/v1/health', {}, 503);
  assert.deepEqual([ill.status, ill.configured], ['degraded', 1]);
  assert.match(ill.message ?? '', /one failed lately/);
  const { models, failures } = await ask<ModelMetrics>(app, '/api/v1/metrics');
  assert.deepEqual([models[0]?.name, models[0]?.requests, models[0]?.completion_tokens], ['one', 1, 2]);
  assert.equal(
    Object.values(failures).reduce((sum, count) => sum + count, 0),
    3,
  );
});

void test('chat, usage, health and metrics answer as /openapi.json describes them, right and wrong', async (context) => {
  const { settings, state } = await remoteModel(context);
  const app = await testApp(context, NO_LOKI, settings);
  const description = await ask<Description>(app, '/openapi.json');
  const check = async <T>(route: string, url: string, status = 200, init: RequestInit = {}) => {
    const answer = await ask<T>(app, url, init, status);
    const method = (init.method ?? 'GET').toLowerCase();
    assert.equal(unlikeDescribed(description, { method, path: route, status }, answer), null);
    return answer;
  };
  const chat = '/api/v1/chat';
  const one = `${chat}/{id}`;
  const { session_id } = await check<{ session_id: string }>(chat, chat, 200, posted({ message: 'Hello' }));
  await check(chat, chat, 400, posted({ session_id }));
  await check(chat, chat, 409, posted({ session_id, retry: true }));
  await check(chat, chat);
  await check(chat, `${chat}?limit=0`, 400);
  await check(one, `${chat}/${session_id}`);
  await check(one, `${chat}/nobody`, 400);
  state.behaviour = 'broken';
  await check(chat, chat, 503, posted({ session_id, message: 'And now?' }));
  await check(one, `${chat}/${session_id}`);
  await check('/api/v1/usage', '/api/v1/usage');
  await check('/api/v1/usage', '/api/v1/usage?days=0', 400);
  await check('/api/v1/health', '/api/v1/health');
  await check('/api/v1/metrics', '/api/v1/metrics');
  for (const name of ['ChatBody', 'ChatAnswer', 'ModelUsage', 'ModelHealth', 'ModelMetrics'])
    assert.ok('example' in (description.components.schemas[name] ?? {}), name);
});
