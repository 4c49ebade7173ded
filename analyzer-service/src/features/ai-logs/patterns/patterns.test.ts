import assert from 'node:assert/strict';
import { type TestContext, it, test } from 'node:test';
import type { createApp } from '../../../app.ts';
import { createApiKey } from '../../access/api-keys.ts';
import { eventually, testDatabase } from '../../../testing/test-access.ts';
import { onBothDatabases } from '../../../testing/test-databases.ts';
import { push } from '../../../testing/push-lines.ts';
import { StreamClient } from '../../../testing/stream-client.ts';
import {
  SAMPLE_END_MS,
  fillStore,
  testApp,
  testFolder,
  testService,
  testStore,
} from '../../../testing/test-stack.ts';
import type { AiLogsAnswer } from '../schema.ts';
import type { AnalyzeAnswer } from '../analyze/schema.ts';
import { type Pattern, patternSchema, patternTestSchema, patternsAnswerSchema } from './schema.ts';

const NOWHERE = 'http://127.0.0.1:9';
const DECLINED = { name: 'card declined', text: 'payment declined for <customer>', severity: 'low' };
const END = new Date(SAMPLE_END_MS).toISOString();

type App = ReturnType<typeof createApp>;

async function call(app: App, method: string, path: string, body?: object, key = '') {
  const headers = { 'content-type': 'application/json', ...(key && { 'x-api-key': key }) };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const response = await app.request(`/api/v1/ai_logs/${path}`, init);
  const answer = (await response.json()) as Record<string, unknown> & { error?: { message: string } };
  return { status: response.status, answer, message: answer.error?.message ?? '' };
}

async function list(app: App, parameters = '') {
  const { answer } = await call(app, 'GET', `patterns?limit=500${parameters}`);
  return patternsAnswerSchema.strict().parse(answer);
}

async function create(app: App, pattern: object): Promise<Pattern> {
  const { status, answer, message } = await call(app, 'POST', 'patterns', pattern);
  assert.equal(status, 201, message);
  return patternSchema.strict().parse(answer);
}

onBothDatabases((newDatabase) => {
  void it('lists the 80 known patterns, and takes, changes and removes those of a user', async (context) => {
    const app = await testApp(context, NOWHERE, await newDatabase());
    assert.equal((await list(app)).total, 80);
    const { id, ...own } = await create(app, DECLINED);
    assert.match(id, /^own-/);
    assert.deepEqual([own.meaning, own.severity], ['A line of the pattern "card declined".', 'low']);
    const changed = await call(app, 'PUT', `patterns/${id}`, { pinned: true, meaning: 'No money.' });
    assert.deepEqual([changed.answer['meaning'], changed.answer['text']], ['No money.', DECLINED.text]);
    const { patterns, total } = await list(app);
    assert.deepEqual([total, patterns[0]?.id], [81, id], 'pinned ones come first');
    assert.equal((await list(app, '&search=No+money')).total, 1);
    assert.equal((await call(app, 'DELETE', `patterns/${id}`)).status, 200);
    assert.equal((await call(app, 'DELETE', `patterns/${id}`)).status, 404);
    assert.equal((await list(app)).total, 80);
  });

  void it('mutes a known pattern; another analyzer on the same database knows within seconds', async (context) => {
    const settings = await newDatabase();
    const [one, other] = [
      await testApp(context, NOWHERE, settings),
      await testApp(context, NOWHERE, settings),
    ];
    assert.equal((await call(one, 'PUT', 'patterns/disk-full', { muted: true })).status, 200);
    await eventually(async () => (await list(other, '&muted=true')).total === 1, 5_000);
    assert.equal((await call(one, 'PUT', 'patterns/disk-full', { regex: 'x' })).status, 400);
    assert.equal((await call(one, 'DELETE', 'patterns/disk-full')).status, 200);
    await eventually(async () => (await list(other, '&muted=true')).total === 0, 5_000);
  });

  void it('names a learned template by its id, and tells where and when it was seen', async (context) => {
    const settings = await newDatabase();
    const { db } = await testDatabase(context, settings);
    const template = { template_id: '00000000deadbeef', wording: 'disk <*> is 90% full_', level: 'warn' };
    const seen = { first_ms: Date.UTC(2026, 10, 1), last_ms: Date.UTC(2026, 10, 20) };
    const rows = ['api', 'web'].map((service) => ({ service, ...template, lines: 5, ...seen }));
    await db.insertInto('learned_templates').values(rows).execute();
    const app = await testApp(context, NOWHERE, settings);
    const [learned] = (await list(app, '&origin=learned&search=0%25+full_')).patterns;
    assert.deepEqual([learned?.lines, learned?.services], [10, ['api', 'web']]);
    assert.equal((await list(app, '&origin=learned&search=0_')).total, 0, '_ is no wildcard');
    const { answer } = await call(app, 'PUT', `patterns/${template.template_id}`, { name: 'full disk' });
    const named = patternSchema.strict().parse(answer);
    assert.deepEqual(
      [named.name, named.lines, named.first_seen],
      ['full disk', 10, '2026-11-01T00:00:00.000Z'],
    );
    assert.equal((await list(app)).total, 81);
  });

  void it('notes who changed which pattern, lets viewers only read, and limits the number', async (context) => {
    const settings = { ...(await newDatabase()), PATTERNS_MAX: '1' };
    const { db } = await testDatabase(context, settings);
    const by = { actor: 'test', nowMs: Date.now() };
    const viewer = await createApiKey(db, { name: 'v', role: 'viewer' }, by);
    const analyst = await createApiKey(db, { name: 'a', role: 'analyst' }, by);
    const app = await testApp(context, NOWHERE, settings);
    assert.equal((await call(app, 'GET', 'patterns', undefined, viewer.key)).status, 200);
    assert.equal((await call(app, 'POST', 'patterns', DECLINED, viewer.key)).status, 403);
    const { answer } = await call(app, 'POST', 'patterns', DECLINED, analyst.key);
    assert.equal(answer['changed_by'], analyst.id);
    const second = await call(app, 'POST', 'patterns', { ...DECLINED, name: 'two' }, analyst.key);
    assert.match(second.message, /1 own and named patterns already.*PATTERNS_MAX/);
    const lines = await db.selectFrom('audit_log').selectAll().where('actor', '=', analyst.id).execute();
    assert.deepEqual(
      lines.map(({ action, target }) => `${action} ${target}`),
      [`POST /api/v1/ai_logs/patterns/${String(answer['id'])}`],
    );
  });
});

const REFUSED: readonly (readonly [object, RegExp])[] = [
  [{ name: 'x', regex: '(?=x)y', literals: ['why'] }, /the regex is no RE2 .*look-around/],
  [{ name: 'x', regex: '(', literals: ['why'] }, /the regex is no RE2/],
  [{ name: 'x', regex: 'declined' }, /needs 1 to 10 literals/],
  [{ name: 'x', regex: `(x{900}y{900})`, literals: ['why'] }, /too costly/],
  [{ name: 'x', text: '<*> <a>' }, /hardly any wording/],
  [{ name: 'x', text: 'y'.repeat(501) }, /text/],
  [{ name: 'x' }, /give text, or regex with literals/],
  [{ name: ' ', text: 'some words' }, /1 to 80 characters on one line/],
];

void test('a bad pattern is refused with what is wrong and where to try it', async (context) => {
  const app = await testApp(context, NOWHERE);
  for (const [pattern, message] of REFUSED) {
    const refused = await call(app, 'POST', 'patterns', pattern);
    assert.equal(refused.status, 400, JSON.stringify(pattern));
    assert.match(refused.message, message);
  }
  await create(app, DECLINED);
  const taken = await call(app, 'POST', 'patterns', { ...DECLINED, text: 'other words' });
  assert.match(taken.message, /named "card declined" already. Choose another name/);
  const sameWords = await call(app, 'POST', 'patterns', { ...DECLINED, name: 'other' });
  assert.match(sameWords.message, /this wording already/);
  assert.equal((await call(app, 'PUT', 'patterns/nothing', { muted: true })).status, 404);
});

async function fullDisk(context: TestContext) {
  const store = await testStore(context);
  await fillStore(store.url, 'disk-full');
  return testApp(context, store.url);
}

void test('a wording has its own name and count in analyze; muted, it gives no finding, and the answer says so', async (context) => {
  const app = await fullDisk(context);
  const analyze = async () =>
    (await call(app, 'GET', `analyze?time_range=30m&limit=50&end=${END}`)).answer as unknown as AnalyzeAnswer;
  const before = await analyze();
  assert.ok(before.anomalies.some(({ title }) => title.includes('No space left on device')));
  const text = 'No space left on device';
  const { id } = await create(app, { name: 'disk', text, severity: 'critical', pinned: true });
  const after = await analyze();
  const [pattern] = after.patterns;
  assert.deepEqual([pattern?.name, pattern?.text, pattern?.known_pattern?.id], ['disk', text, id]);
  assert.equal(after.lines, before.lines);
  assert.ok(after.anomalies.some((anomaly) => anomaly.pattern?.id === id));
  await call(app, 'PUT', `patterns/${id}`, { muted: true });
  const muted = await analyze();
  assert.equal(muted.cached, false, 'a changed pattern makes it another question');
  assert.ok(muted.anomalies_muted > 0);
  assert.ok(!muted.anomalies.some((anomaly) => anomaly.pattern?.id === id));
  const { answer } = await call(app, 'GET', `query?time_range=30m&end=${END}`);
  const { findings, findings_muted } = answer as unknown as AiLogsAnswer;
  assert.ok(findings_muted > 0 && !findings.some((finding) => finding.pattern?.id === id));
  const agent = await app.request(`/api/v1/ai_logs/query?format=agent&time_range=30m&end=${END}`);
  assert.match(await agent.text(), /findings of muted patterns are not shown/);
});

void test('a pattern is tested against a window: how many lines it takes, and which', async (context) => {
  const app = await fullDisk(context);
  const check = async (pattern: object) => {
    const { answer, message } = await call(app, 'POST', 'patterns/test', {
      time_range: '30m',
      end: END,
      ...pattern,
    });
    assert.equal(message, '');
    return patternTestSchema.strict().parse(answer);
  };
  const wording = await check({ text: 'No space left on <thing>' });
  assert.ok(wording.matches > 0 && wording.lines > wording.matches);
  assert.deepEqual([wording.candidates, wording.estimated], [wording.matches, false]);
  assert.ok(wording.examples.every(({ line }) => line.includes('No space left on device')));
  const regex = await check({ regex: String.raw`no space left on \w+`, literals: ['no space left'] });
  assert.equal(regex.matches, wording.matches);
  assert.deepEqual(regex.by_service, wording.by_service);
  const none = await check({ regex: 'no space left on earth', literals: ['no space left'] });
  assert.deepEqual([none.matches, none.candidates], [0, wording.matches]);
  assert.equal((await list(app)).total, 80, 'nothing is kept');
});

void test("the stream alerts for a user's pattern, and no more for a muted one", async (context) => {
  const store = await testStore(context);
  const service = await testService(context, store.url, { DATA_DIR: await testFolder(context) });
  const send = (method: string, path: string, body: object) =>
    fetch(`${service.url}/api/v1/ai_logs/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await send('POST', 'patterns', DECLINED);
  await send('PUT', 'patterns/disk-full', { muted: true });
  const client = new StreamClient(context, service.url);
  await client.subscribe({ known_patterns: true });
  await push(store.url, 'api', ['no space left on device', 'payment declined for alice']);
  await client.until(() => client.latest('alert') !== undefined);
  const alerts = client.messages.flatMap((message) => (message.type === 'alert' ? [message] : []));
  assert.deepEqual(
    alerts.map(({ title, severity }) => [title, severity]),
    [['A line of the pattern "card declined". 1 line in api.', 'low']],
  );
});
