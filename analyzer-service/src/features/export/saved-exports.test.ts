import assert from 'node:assert/strict';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { it, test } from 'node:test';
import { createApp } from '../../app.ts';
import { answerJson, fakeLoki } from '../../testing/fake-loki.ts';
import { eventually, testDatabase } from '../../testing/test-access.ts';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { SAMPLE_END_MS, testDeps, testFolder, testStore } from '../../testing/test-stack.ts';
import { createApiKey } from '../access/api-keys.ts';
import { type SavedExport, savedExportSchema } from './schema.ts';

const WINDOW = { time_range: '15m', end: new Date(SAMPLE_END_MS).toISOString() };
const NOWHERE = 'http://127.0.0.1:9';

type Context = Parameters<typeof testDeps>[0];
type App = ReturnType<typeof createApp>;

async function storeWith(context: Context, lines: number): Promise<string> {
  const { url } = await testStore(context);
  const startNs = BigInt(SAMPLE_END_MS - 600_000) * 1_000_000n;
  const values = Array.from({ length: lines }, (_, index) => [`${startNs + BigInt(index)}`, `line ${index}`]);
  const response = await fetch(`${url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream: { service_name: 'api' }, values }] }),
  });
  assert.equal(response.status, 204);
  return url;
}

async function start(app: App, body: object = {}, key = '') {
  const headers = { 'content-type': 'application/json', 'x-api-key': key };
  const request = { method: 'POST', headers, body: JSON.stringify({ ...WINDOW, as: 'job', ...body }) };
  const response = await app.request('/api/v1/ai_logs/export', request);
  assert.equal(response.status, 202, await response.clone().text());
  return savedExportSchema.strict().parse(await response.json());
}

async function state(app: App, { status_url }: SavedExport, key = '') {
  const response = await app.request(status_url, { headers: { 'x-api-key': key } });
  return { status: response.status, ...((await response.json()) as SavedExport) };
}

async function finished(app: App, saved: SavedExport, key = ''): Promise<SavedExport> {
  await eventually(async () => ['done', 'failed'].includes((await state(app, saved, key)).state), 20_000);
  return state(app, saved, key);
}

onBothDatabases((newDatabase) => {
  const settingsOf = async (context: Context, more: Record<string, string> = {}) => ({
    ...(await newDatabase()),
    DATA_DIR: await testFolder(context),
    ...more,
  });

  void it('is written in the background, told about, fetched whole, and deleted', async (context) => {
    const settings = await settingsOf(context);
    const app = createApp(await testDeps(context, await storeWith(context, 3_000), settings));
    const saved = await start(app, { format: 'csv' });
    const early = await app.request(saved.file_url);
    assert.ok([200, 404].includes(early.status));
    const done = await finished(app, saved);
    assert.deepEqual([done.state, done.rows_done, done.rows_total], ['done', 3_000, 3_000]);
    const file = await app.request(done.file_url);
    const content = Buffer.from(await file.arrayBuffer());
    assert.equal(Number(file.headers.get('content-length')), content.length);
    assert.equal(content.length, done.bytes);
    assert.match(file.headers.get('content-disposition') ?? '', /sonde-lines-.*\.csv/);
    assert.equal(content.toString('utf8').trim().split('\n').length, 3_001);
    assert.equal((await app.request(saved.status_url, { method: 'DELETE' })).status, 200);
    assert.equal((await state(app, saved)).status, 404);
    assert.deepEqual(await readdir(path.join(settings.DATA_DIR, 'exports')), []);
  });

  void it('goes on after a restart of the service', async (context) => {
    const settings = await settingsOf(context);
    const url = await storeWith(context, 500);
    const stuck = await fakeLoki(context, () => undefined);
    const first = await testDeps(context, stuck.url, settings);
    const saved = await start(createApp(first));
    await eventually(async () => stuck.asked.length > 0);
    await first.close();
    const app = createApp(await testDeps(context, url, settings));
    assert.notEqual((await state(app, saved)).state, 'failed');
    await eventually(async () => (await state(app, saved)).state === 'done', 40_000);
    assert.equal((await state(app, saved)).rows_done, 500);
  });

  void it('belongs to who made it; an admin may see it too', async (context) => {
    const settings = await settingsOf(context);
    const { db } = await testDatabase(context, settings);
    const by = { actor: 'test', nowMs: Date.now() };
    const [maker, other] = [
      await createApiKey(db, { name: 'maker', role: 'analyst' }, by),
      await createApiKey(db, { name: 'other', role: 'analyst' }, by),
    ];
    const admin = await createApiKey(db, { name: 'admin', role: 'admin' }, by);
    const app = createApp(await testDeps(context, await storeWith(context, 10), settings));
    const saved = await start(app, {}, maker.key);
    await finished(app, saved, maker.key);
    for (const url of [saved.status_url, saved.file_url]) {
      const statusFor = async (key: string) =>
        (await app.request(url, { headers: { 'x-api-key': key } })).status;
      assert.deepEqual(
        [await statusFor(maker.key), await statusFor(admin.key), await statusFor(other.key)],
        [200, 200, 404],
      );
    }
  });

  void it('goes away when it is too old, with its file', async (context) => {
    const settings = await settingsOf(context);
    const { db } = await testDatabase(context, settings);
    const file = path.join(settings.DATA_DIR, 'exports', 'old');
    await mkdir(path.dirname(file));
    await writeFile(file, 'lines');
    const dayAgo = Math.floor(Date.now() / 1_000) - 25 * 3_600;
    await utimes(file, dayAgo, dayAgo);
    const nothing = { finished_ms: null, rows_total: null, file_name: null, content_type: null, error: null };
    const times = { created_ms: dayAgo * 1_000, attempts: 1, rows_done: 0, bytes: 0 };
    const row = { id: 'old', actor: 'x', request: '{}', state: 'done' as const, ...times, ...nothing };
    await db.insertInto('saved_exports').values(row).execute();
    await testDeps(context, NOWHERE, settings);
    await eventually(async () => (await readdir(path.dirname(file))).length === 0);
    await eventually(async () => (await db.selectFrom('saved_exports').selectAll().execute()).length === 0);
  });

  void it('fails at once with what to change when it is too large, and keeps no part of the file', async (context) => {
    const settings = await settingsOf(context, { EXPORT_FILE_BYTES_MAX: '2048', EXPORT_FILES_MAX: '1' });
    const app = createApp(await testDeps(context, await storeWith(context, 500), settings));
    const failed = await finished(app, await start(app));
    assert.equal(failed.state, 'failed');
    assert.match(failed.error ?? '', /larger than 2,048 bytes.*EXPORT_FILE_BYTES_MAX/);
    assert.deepEqual(await readdir(path.join(settings.DATA_DIR, 'exports')), []);
    const body = JSON.stringify({ ...WINDOW, as: 'job' });
    const headers = { 'content-type': 'application/json' };
    const second = await app.request('/api/v1/ai_logs/export', { method: 'POST', headers, body });
    assert.equal(second.status, 429, 'a failed one counts until it is deleted or too old');
  });
});

void test('a bad request is refused before anything is kept; an id is an id', async (context) => {
  const app = createApp(await testDeps(context, NOWHERE));
  const refused = await app.request('/api/v1/ai_logs/export', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ as: 'job', start: 'yesterday' }),
  });
  assert.equal(refused.status, 400);
  assert.equal((await app.request('/api/v1/ai_logs/exports/..%2F..%2Fsonde.db')).status, 400);
});

void test('a Loki that refuses the query ends it with what Loki said', async (context) => {
  const loki = await fakeLoki(context, (_, response) =>
    answerJson(response, { message: 'parse error' }, 400),
  );
  const app = createApp(await testDeps(context, loki.url));
  const failed = await finished(app, await start(app));
  assert.equal(failed.state, 'failed');
  assert.match(failed.error ?? '', /parse error/);
});
