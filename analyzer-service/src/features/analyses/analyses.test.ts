import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Kysely } from 'kysely';
import { readConfig } from '../../config.ts';
import type { Database } from '../../database.ts';
import { testDatabase } from '../../testing/test-access.ts';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { testApp, testFolder } from '../../testing/test-stack.ts';
import { AnalysisStore } from './analysis-store.ts';
import { keepAnalyses } from './keep-analyses.ts';
import { type AnalysisAnswer, analysisHeadSchema, analysisSchema } from './schema.ts';
import { incident } from './testing/incident.ts';

const NOWHERE = 'http://127.0.0.1:9';
const PATH = '/api/v1/analyses';
type App = Awaited<ReturnType<typeof testApp>>;

const json = (body: object, method = 'POST') => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

async function analyse(app: App, body: object): Promise<AnalysisAnswer> {
  const response = await app.request(PATH, json(body));
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return analysisSchema.parse(JSON.parse(text));
}

async function list(app: App, query = ''): Promise<readonly { id: string }[]> {
  const { analyses } = (await (await app.request(`${PATH}${query}`)).json()) as {
    analyses: { id: string }[];
  };
  return analyses;
}

onBothDatabases((newDatabase) => {
  void it('a pasted log is analysed at once, complete and with its lines, and kept', async (context) => {
    const app = await testApp(context, NOWHERE, await newDatabase());
    const text = incident();
    const answer = await analyse(app, { text, name: 'shop.log', since: '25m', summary: 'model' });
    assert.equal(answer.state, 'done');
    assert.equal(answer.kept, true);
    const { result } = answer;
    assert.match(result?.summary ?? '', /shop\.Pool/);
    assert.equal(result?.words?.source, 'findings');
    const lines = result?.lines;
    assert.ok(lines);
    const rest = Object.values(lines.rest).reduce((sum, count) => sum + count, 0);
    assert.equal(lines.read, text.split('\n').length - 1);
    assert.equal(lines.in_templates + rest, lines.read);
    for (const { evidence } of result.findings)
      for (const { line_number, line } of evidence) assert.equal(text.split('\n')[line_number - 1], line);
    const again = analysisSchema.parse(await (await app.request(`${PATH}/${answer.id}`)).json());
    assert.deepEqual(again, answer);
  });

  void it('many files in one form are one log, packed or not, each cited by its name', async (context) => {
    const app = await testApp(context, NOWHERE, await newDatabase());
    const form = new FormData();
    form.append('files', new File([incident()], 'a.log'));
    form.append('files', new File([gzipSync(incident().replaceAll('shop.', 'store.'))], 'b.log.gz'));
    form.append('since', '25m');
    const response = await app.request(PATH, { method: 'POST', body: form });
    const answer = analysisSchema.parse(await response.json());
    assert.equal(answer.title, 'a.log, b.log.gz');
    const cited = new Set(
      (answer.result?.findings ?? []).flatMap(({ evidence }) => evidence.map(({ file }) => file)),
    );
    assert.deepEqual([...cited].sort(), ['a.log', 'b.log.gz']);
  });

  void it('the history is listed by pages, and emptied one by one, by age, or whole', async (context) => {
    const app = await testApp(context, NOWHERE, await newDatabase());
    const ids: string[] = [];
    for (let number = 0; number < 5; number++)
      ids.unshift((await analyse(app, { text: `line ${number}\n` })).id);
    const first = await list(app, '?limit=2');
    const second = await list(app, `?limit=10&before=${first[1]?.id}`);
    assert.deepEqual([...first, ...second].map(({ id }) => id).sort(), ids.toSorted());
    assert.equal((await app.request(`${PATH}/${ids[0]}`, { method: 'DELETE' })).status, 204);
    assert.equal((await app.request(`${PATH}/${ids[0]}`)).status, 404);
    const old = await app.request(`${PATH}?before=2020-01-01T00:00:00Z`, { method: 'DELETE' });
    assert.deepEqual(await old.json(), { removed: 0 });
    const all = await app.request(PATH, { method: 'DELETE' });
    assert.deepEqual(await all.json(), { removed: 4 });
    assert.deepEqual(await list(app), []);
  });

  void it('a job does it in the background; its events end with the result', async (context) => {
    const app = await testApp(context, NOWHERE, await newDatabase());
    const response = await app.request(PATH, json({ text: incident(), background: true }));
    assert.equal(response.status, 202);
    const { id, state } = analysisHeadSchema.parse(await response.json());
    assert.ok(['waiting', 'running'].includes(state));
    const events = await (await app.request(`${PATH}/${id}/events`)).text();
    assert.match(events, /^event: analysis_status\n/);
    const last = /event: analysis_result\ndata: (.*)\n\n$/.exec(events)?.[1] ?? '{}';
    const answer = analysisSchema.parse(JSON.parse(last));
    assert.match(answer.result?.summary ?? '', /shop\.Pool/);
    assert.equal(answer.error, null);
  });

  void it('a job whose texts are wrong says why and is not tried again', async (context) => {
    const app = await testApp(context, NOWHERE, await newDatabase());
    const form = new FormData();
    form.append('file', new File([Buffer.from([1, 0, 2, 0])], 'core.bin'));
    form.append('background', 'true');
    const { id } = analysisHeadSchema.parse(
      await (await app.request(PATH, { method: 'POST', body: form })).json(),
    );
    await (await app.request(`${PATH}/${id}/events`)).text();
    const { state, error } = analysisSchema.parse(await (await app.request(`${PATH}/${id}`)).json());
    assert.equal(state, 'failed');
    assert.match(error ?? '', /core\.bin is no text/);
  });

  void it('what is kept is encrypted, stays readable after a change of keys, and says so when its key is gone', async (context) => {
    const database = await newDatabase();
    const [old, current] = ['old', 'new'].map((name) => `${name}:${randomBytes(32).toString('base64')}`) as [
      string,
      string,
    ];
    const secret = 'a line that nobody else may read';
    const first = await testApp(context, NOWHERE, { ...database, ANALYSIS_KEYS: old });
    const { id, encrypted } = await analyse(first, { text: `${secret}\n` });
    assert.equal(encrypted, true);
    const { db } = await testDatabase(context, database);
    const stored = () => db.selectFrom('analyses').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    assert.equal((await stored()).key_id, 'old');
    assert.ok(!Buffer.from((await stored()).result ?? '', 'base64').includes(Buffer.from([0x1f, 0x8b])));
    const rotated = await testApp(context, NOWHERE, { ...database, ANALYSIS_KEYS: `${current},${old}` });
    const read = async (app: App) => app.request(`${PATH}/${id}`);
    assert.match(await (await read(rotated)).text(), new RegExp(secret));
    await keepAnalyses(storeOf(db, `${current},${old}`), Date.now, 30).run({}, never);
    assert.equal((await stored()).key_id, 'new');
    assert.match(await (await read(rotated)).text(), new RegExp(secret));
    for (const [keys, message] of [
      [old, /new.*, which ANALYSIS_KEYS does not hold/],
      [`new:${randomBytes(32).toString('base64')}`, /not the one/],
    ] as const) {
      const wrong = await testApp(context, NOWHERE, { ...database, ANALYSIS_KEYS: keys });
      const response = await read(wrong);
      assert.equal(response.status, 500);
      assert.match(await response.text(), message);
      assert.equal((await list(wrong)).length, 1, 'the list needs no key');
    }
  });

  void it('the hourly job removes analyses older than ANALYSES_DAYS_MAX, also many', async (context) => {
    const database = await newDatabase();
    const { db } = await testDatabase(context, database);
    const store = storeOf(db, '');
    const rowOf = (id: number, daysAgo: number) => {
      const created_ms = Date.now() - daysAgo * 24 * 3_600_000;
      return {
        id: `${id}`,
        created_ms,
        finished_ms: null,
        actor: 'test',
        title: 'a',
        bytes: 1,
        state: 'done' as const,
      };
    };
    const rest = { key_id: null, input: null, result: null, error: null };
    for (let from = 0; from < 1_200; from += 100) {
      const rows = Array.from({ length: 100 }, (_, index) => ({ ...rowOf(from + index, 3), ...rest }));
      await db.insertInto('analyses').values(rows).execute();
    }
    await db
      .insertInto('analyses')
      .values({ ...rowOf(5_000, 1), ...rest })
      .execute();
    await keepAnalyses(store, Date.now, 2).run({}, never);
    assert.deepEqual(
      (await store.list(10, undefined)).map(({ id }) => id),
      ['5000'],
    );
  });
});

const never = new AbortController().signal;

function storeOf(db: Kysely<Database>, keys: string): AnalysisStore {
  return new AnalysisStore(db, Date.now, readConfig({ ANALYSIS_KEYS: keys }).ANALYSIS_KEYS);
}

const REFUSED: readonly (readonly [string, RequestInit, number, RegExp])[] = [
  ['no text', json({}), 400, /text or files/],
  ['an unknown field', json({ text: 'a', colour: 'red' }), 400, /colour/],
  ['a strange duration', json({ text: 'a', since: 'soon' }), 400, /since/],
  [
    'broken JSON',
    { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
    400,
    /could not be read/,
  ],
  [
    'another type',
    { method: 'POST', body: '<a/>', headers: { 'content-type': 'text/xml' } },
    400,
    /multipart/,
  ],
  ['an empty form', { method: 'POST', body: new FormData() }, 400, /no file/],
  ['a body that is too large', json({ text: 'x'.repeat(200_000) }), 413, /ANALYSIS_BYTES_MAX/],
  ['a template that nobody has', json({ text: 'a', summary: 'model', template: 'nobodys' }), 404, /nobodys/],
];
for (const [what, request, status, message] of REFUSED)
  void test(`${what} is refused with ${status}`, async (context) => {
    const app = await testApp(context, NOWHERE, { ANALYSIS_BYTES_MAX: '100000' });
    const response = await app.request(PATH, request);
    assert.equal(response.status, status);
    assert.match(await response.text(), message);
  });

void test('what unpacks to more than the limit is refused without unpacking it', async (context) => {
  const app = await testApp(context, NOWHERE, { ANALYSIS_BYTES_MAX: '1000000' });
  const form = new FormData();
  form.append('file', new File([gzipSync(Buffer.alloc(50_000_000, 'a'))], 'bomb.gz'));
  const response = await app.request(PATH, { method: 'POST', body: form });
  assert.equal(response.status, 413);
});

void test('strange texts are answered, not a failure', async (context) => {
  const app = await testApp(context, NOWHERE, { DATA_DIR: await testFolder(context) });
  for (const text of [
    '\n',
    '\n\n\n',
    'x',
    '�'.repeat(100),
    '{'.repeat(1_000),
    'a\r\nb\r\n',
    '__proto__: 1\n',
    `${'y'.repeat(200_000)}\n`,
  ])
    assert.equal((await analyse(app, { text })).state, 'done');
});
