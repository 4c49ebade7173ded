import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Kysely } from 'kysely';
import { parse } from 'yaml';
import { ownLines } from '../../../adapters/notify/own-lines.ts';
import { createApp } from '../../../app.ts';
import type { Database } from '../../../database.ts';
import { eventually, testDatabase } from '../../../testing/test-access.ts';
import { type NewDatabase, onBothDatabases } from '../../../testing/test-databases.ts';
import { POSTGRES_MISSING, TestPostgres } from '../../../testing/test-postgres.ts';
import { SAMPLE_END_MS, fillStore, testApp, testDeps, testStore } from '../../../testing/test-stack.ts';
import type { AnalyzeAnswer } from '../analyze/schema.ts';
import type { MetricsAnswer } from '../metrics/schema.ts';
import type { AiLogsAnswer } from '../schema.ts';
import { learnFromLogs } from './learn-from-logs.ts';
import { tellNewPatterns } from './tell-new-patterns.ts';

const HOUR_MS = 3_600_000;
const TABLES = [
  'learned_templates',
  'new_patterns',
  'learning_state',
  'ai_operations',
  'ai_conversations',
  'ai_correlations',
  'ai_workspace_usage',
  'ai_error_patterns',
  'ai_performance_baselines',
] as const;
const never = new AbortController().signal;

type Context = Parameters<typeof testStore>[0];

/** An analyzer whose clock stands shortly after the sample's end. */
async function analyzer(context: Context, storeUrl: string, settings: Awaited<ReturnType<NewDatabase>>) {
  const { db } = await testDatabase(context, settings);
  const deps = await testDeps(context, storeUrl, settings);
  let nowMs = SAMPLE_END_MS + 5 * 60_000;
  const run = async (slicesPerRunMax = 100) => {
    const kind = learnFromLogs({
      db,
      aiLogs: { ...deps.aiLogs, clock: () => nowMs },
      sliceMs: 2.5 * 60_000,
      slicesPerRunMax,
      linesPerSliceMax: 20_000,
      templatesMax: 2_000,
      backMs: 24 * HOUR_MS,
      keepMs: 30 * 24 * HOUR_MS,
      warmUpMs: 10 * 60_000,
      onLearned: () => undefined,
      onSkipped: (_, error) => assert.fail(error),
    });
    await kind.run({}, never);
  };
  const ask = async (path: string, status = 200): Promise<unknown> => {
    const response = await createApp(deps).request(`/api/v1/ai_logs/${path}`);
    assert.equal(response.status, status);
    return response.json();
  };
  const told: string[] = [];
  const tell = (lokiUrl: string) =>
    tellNewPatterns({
      db,
      clock: () => nowMs,
      writeOwnLines: ownLines({ url: lokiUrl, headers: {}, serviceLabel: 'service_name', timeoutMs: 5_000 }),
      onTold: (service) => void told.push(service),
    }).run({}, never);
  return { db, run, ask, told, tell, wait: (ms: number) => (nowMs += ms) };
}

async function everything(db: Kysely<Database>): Promise<Record<string, readonly string[]>> {
  const dump: Record<string, readonly string[]> = {};
  for (const table of TABLES) {
    const rows = await db.selectFrom(table).selectAll().execute();
    dump[table] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return dump;
}

void describe('learning from the logs', () => {
  const cleanups: (() => unknown)[] = [];
  const suite = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
  let models = { url: '', lines: 0 };
  let disk = { url: '' };
  before(async () => {
    const store = await testStore(suite);
    models = { url: store.url, lines: await fillStore(store.url, 'model-limits', 1, 10) };
    disk = await testStore(suite);
    await fillStore(disk.url, 'disk-full', 1, 20);
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  onBothDatabases((newDatabase) => {
    void it('counts every line, and adds conversations and usage up from single calls', async (context) => {
      const { db, run, ask } = await analyzer(context, models.url, await newDatabase());
      await run();
      const baselines = await db.selectFrom('ai_performance_baselines').selectAll().execute();
      assert.equal(
        baselines.reduce((sum, { lines }) => sum + lines, 0),
        models.lines,
      );
      const templates = await db.selectFrom('learned_templates').selectAll().execute();
      assert.equal(
        templates.reduce((sum, { lines }) => sum + lines, 0),
        models.lines,
      );
      const operations = await db.selectFrom('ai_operations').selectAll().execute();
      assert.ok(operations.length > 50);
      const tokens = operations.reduce((sum, { total_tokens }) => sum + total_tokens, 0);
      const usage = await db.selectFrom('ai_workspace_usage').selectAll().execute();
      assert.equal(
        usage.reduce((sum, { total_tokens }) => sum + total_tokens, 0),
        tokens,
      );
      const conversations = await db.selectFrom('ai_conversations').selectAll().execute();
      const [one] = conversations;
      const own = operations.filter(({ conversation_id }) => conversation_id === one?.conversation_id);
      assert.equal(one?.calls, own.filter(({ outcome }) => outcome !== 'retried').length);
      const errors = await db.selectFrom('ai_error_patterns').selectAll().execute();
      assert.ok(errors.some(({ known_pattern_id }) => known_pattern_id !== null));
      const broken = await db
        .selectFrom('ai_correlations')
        .selectAll()
        .where('broke_at', 'is not', null)
        .execute();
      const talk = `conversations/${one?.conversation_id}?start=2026-11-20T09:00:00Z&end=2026-11-20T10:00:00Z`;
      const elsewhere = (await ask(talk, 404)) as { error: { message: string } };
      const advice = /seen from .* Ask with (start=\S+) and (end=\S+)\.$/.exec(elsewhere.error.message);
      assert.ok(advice, elsewhere.error.message);
      await ask(`conversations/${one?.conversation_id}?${advice[1]}&${advice[2]}`);
      const request = `correlate?correlation_id=${broken[0]?.request_id}&start=2026-11-20T09:00:00Z&end=2026-11-20T10:00:00Z`;
      assert.match(JSON.stringify(await ask(request, 404)), /but it was seen from 2026-11-20T11:/);
      assert.ok(broken.length > 0 && broken.every(({ services }) => Array.isArray(JSON.parse(services))));
    });

    void it('run again, two at once, or in small steps: the same rows', async (context) => {
      const whole = await analyzer(context, models.url, await newDatabase());
      await whole.run();
      const once = await everything(whole.db);
      await whole.run();
      assert.deepEqual(await everything(whole.db), once, 'run twice');

      const settings = await newDatabase();
      const [one, other] = [
        await analyzer(context, models.url, settings),
        await analyzer(context, models.url, settings),
      ];
      await one.run(1);
      const [state] = await one.db.selectFrom('learning_state').selectAll().execute();
      assert.equal(state?.until_ms, SAMPLE_END_MS - 7.5 * 60_000, 'it stops where its budget ends');
      await Promise.all([one.run(2), other.run(2)]);
      await other.run();
      assert.deepEqual(await everything(one.db), once, 'two analyzers, in steps');
    });

    void it('a wording never seen before is told once, after a time to get to know the service', async (context) => {
      const settings = await newDatabase();
      const { db, run, told, tell } = await analyzer(context, disk.url, settings);
      const other = await analyzer(context, disk.url, settings);
      await run();
      const found = await db.selectFrom('new_patterns').selectAll().execute();
      assert.ok(
        found.some(
          ({ service, wording }) => service === 'database' && wording.includes('No space left on device'),
        ),
        JSON.stringify(found),
      );
      assert.ok(found.every(({ first_ms }) => first_ms >= SAMPLE_END_MS - 10 * 60_000));
      assert.ok(found.length < 40, `${found.length} are new`);
      await tell('gone').catch(() => undefined);
      assert.deepEqual(told, [], 'nothing is told while Loki takes nothing');
      await tell(disk.url);
      await other.tell(disk.url);
      assert.equal(told.length + other.told.length, found.length);
      const search = new URLSearchParams({
        query: 'sum by (found_in) (count_over_time({service_name="sonde", kind="new_pattern"} | json [1h]))',
        time: new Date(SAMPLE_END_MS + 6 * 60_000).toISOString(),
      });
      const counted = await fetch(`${disk.url}/loki/api/v1/query?${search.toString()}`);
      const { data } = (await counted.json()) as { data: { result: { value: [number, string] }[] } };
      assert.equal(
        data.result.reduce((sum, { value }) => sum + Number(value[1]), 0),
        found.length,
      );
      const rules = parse(
        await readFile(new URL('../../../../../loki/rules/sonde.yaml', import.meta.url), 'utf8'),
      ) as {
        groups: { rules: { alert: string; expr: string }[] }[];
      };
      const rule = rules.groups[0]?.rules.find(({ alert }) => alert === 'NewPattern');
      search.set('query', rule?.expr ?? '');
      const fired = await fetch(`${disk.url}/loki/api/v1/query?${search.toString()}`);
      assert.match(await fired.text(), /"found_in":"database"/);
    });

    void it('forgets what is older than it is kept', async (context) => {
      const { db, run, wait } = await analyzer(context, models.url, await newDatabase());
      await run();
      wait(31 * 24 * HOUR_MS);
      await run();
      const { learning_state, ...rest } = await everything(db);
      assert.equal(learning_state?.length, 1);
      assert.ok(Object.values(rest).every((rows) => rows.length === 0));
    });

    void it('tells whether what is new was seen before, and what is usual', async (context) => {
      const { run, ask } = await analyzer(context, disk.url, await newDatabase());
      await run();
      const full = (text: string) => text.includes('No space left on device');
      const query = (await ask('query?time_range=10m&end=2026-11-20T12:00:00Z')) as AiLogsAnswer;
      const finding = query.findings.find(({ evidence }) => full(evidence[0]?.line ?? ''));
      assert.match(
        finding?.history ?? '',
        /^Never seen before in what was learned from 2026-11-20T11:40:00.000Z to 2026-11-20T11:50/,
      );
      const later =
        'start=2026-11-20T11:56:00Z&end=2026-11-20T12:00:00Z&baseline_start=2026-11-20T11:42:00Z&baseline_end=2026-11-20T11:53:00Z&limit=50&services=database';
      const { patterns } = (await ask(`analyze?${later}`)) as AnalyzeAnswer;
      const pattern = patterns.find(({ text }) => full(text));
      assert.match(pattern?.history ?? '', /^Seen before: first at 2026-11-20T11:5\d.*about \d+ lines since/);
      assert.ok(patterns.filter(({ change }) => change === 'usual').every(({ history }) => history === null));
      const metrics = (await ask('metrics?time_range=10m&end=2026-11-20T12:00:00Z')) as MetricsAnswer;
      const database = metrics.by_service.find(({ service }) => service === 'database');
      assert.ok(database?.usual && database.usual.lines_per_second > 0 && database.usual.hours > 0.1);
    });

    void it('a service does it by itself, in the background', async (context) => {
      const store = await testStore(context);
      const settings = await newDatabase();
      const ns = `${BigInt(Date.now() - 10 * 60_000)}000000`;
      const stream = { stream: { service_name: 'api' }, values: [[ns, 'user 7 logged in']] };
      await fetch(`${store.url}/loki/api/v1/push`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ streams: [stream] }),
      });
      const { db } = await testDatabase(context, settings);
      const app = await testApp(context, store.url, {
        ...settings,
        LEARN_ENABLED: 'true',
        LEARN_SLICE_MINUTES: '1',
      });
      await eventually(
        async () => (await db.selectFrom('learned_templates').selectAll().execute()).length > 0,
      );
      await eventually(async () =>
        (await (await app.request('/metrics')).text()).includes('sonde_new_patterns_total{service="api"} 0'),
      );
      const response = await app.request('/api/v1/ai_logs/patterns?origin=learned');
      const { patterns } = (await response.json()) as { patterns: { text: string; lines: number }[] };
      assert.deepEqual(
        patterns.map(({ text, lines }) => [text, lines]),
        [['user <*> logged in', 1]],
      );
    });
  });

  void it(
    'answers have no history while the database is away, and are answers all the same',
    { skip: POSTGRES_MISSING },
    async (context) => {
      const postgres = await TestPostgres.start();
      context.after(() => postgres.close());
      const settings = { DATA_DIR: '', DATABASE_URL: await postgres.newDatabase() };
      const { run, ask } = await analyzer(context, disk.url, settings);
      await run(2);
      await postgres.halt();
      const answer = (await ask('query?time_range=10m&end=2026-11-20T12:00:00Z')) as AiLogsAnswer;
      assert.ok(answer.findings.length > 0 && answer.findings.every(({ history }) => history === null));
      const metrics = (await ask('metrics?time_range=10m&end=2026-11-20T12:00:00Z')) as MetricsAnswer;
      assert.ok(metrics.by_service.every(({ usual }) => usual === null));
      await postgres.resume();
    },
  );
});
