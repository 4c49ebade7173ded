import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, it, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../config.ts';
import type { JobKind } from '../../ports.ts';
import { eventually, testDatabase } from '../../testing/test-access.ts';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { POSTGRES_MISSING, TestPostgres } from '../../testing/test-postgres.ts';
import { testFolder } from '../../testing/test-stack.ts';
import { openJobs } from './open-jobs.ts';
import { SqliteJobs } from './sqlite-jobs.ts';

type Cleanups = Pick<TestContext, 'after'>;
type Settings = Readonly<Record<string, string>>;
type Run = JobKind<{ text: string }>['run'];

function kindOf(name: string, run: Run, more: Partial<JobKind<never>> = {}): JobKind<{ text: string }> {
  const limits = { attemptsMax: 3, retryDelayMs: 1_000, timeLimitMs: 30_000, keepMs: 60_000 };
  return { name, run, ...limits, ...more };
}

async function start(context: Cleanups, settings: Settings, kinds: readonly JobKind<never>[]) {
  const { db } = await testDatabase(context, settings);
  const url = readConfig(settings).DATABASE_URL;
  const jobs = await openJobs(kinds, { url, db, clock: Date.now, onError: () => undefined });
  let closed: Promise<void> | null = null;
  const close = () => (closed ??= jobs.close());
  context.after(close);
  return { jobs, close };
}

onBothDatabases((newDatabase) => {
  void it('runs a job with its data, and says that it is done', async (context) => {
    const ran = Promise.withResolvers<string>();
    const kind = kindOf('greet', async ({ text }) => ran.resolve(text));
    const { jobs } = await start(context, await newDatabase(), [kind]);
    const id = await jobs.enqueue(kind, { text: 'Grüße "\n' });
    assert.equal(await ran.promise, 'Grüße "\n');
    await eventually(async () => (await jobs.find(kind, id))?.state === 'done');
    assert.deepEqual(await jobs.find(kind, id), { state: 'done', error: null });
    assert.equal(await jobs.find(kind, '00000000-0000-4000-8000-000000000000'), null);
  });

  void it('runs each job once, whichever of two analyzers takes it', async (context) => {
    const settings = await newDatabase();
    const ran: string[] = [];
    const kind = kindOf('count', async ({ text }) => void ran.push(text));
    const idle = await start(context, settings, [kindOf('other', async () => undefined)]);
    const texts = Array.from({ length: 20 }, (_, index) => `${index}`);
    const first = await start(context, settings, [kind]);
    const ids = await Promise.all(texts.map((text) => first.jobs.enqueue(kind, { text })));
    await start(context, settings, [kind]);
    for (const id of ids) await eventually(async () => (await idle.jobs.find(kind, id))?.state === 'done');
    assert.deepEqual(ran.sort(), texts.sort());
  });

  void it('tries again after a failure, later each time, and gives up in the end', async (context) => {
    const times: number[] = [];
    const kind = kindOf('fail', async () => {
      times.push(performance.now());
      throw new Error(`failure ${times.length}`);
    });
    const { jobs } = await start(context, await newDatabase(), [kind]);
    const id = await jobs.enqueue(kind, { text: '' });
    await eventually(async () => (await jobs.find(kind, id))?.state === 'failed', 20_000);
    assert.deepEqual(await jobs.find(kind, id), { state: 'failed', error: 'failure 3' });
    assert.equal(times.length, 3);
    assert.equal((await jobs.check()).failed, 1);
  });

  void it('ends an attempt that takes too long, and tries again', async (context) => {
    let attempts = 0;
    const hang: Run = (_, signal) =>
      ++attempts > 1
        ? Promise.resolve()
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const kind = kindOf('slow', hang, { timeLimitMs: 1_000 });
    const { jobs } = await start(context, await newDatabase(), [kind]);
    const id = await jobs.enqueue(kind, { text: '' });
    await eventually(async () => (await jobs.find(kind, id))?.state === 'done');
    assert.equal(attempts, 2);
  });

  void it('a job that a stop interrupts is run by the next analyzer', async (context) => {
    const settings = await newDatabase();
    const began = Promise.withResolvers<void>();
    const patient: Run = (_, signal) => {
      began.resolve();
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    };
    const interrupted = kindOf('long', patient);
    const first = await start(context, settings, [interrupted]);
    const id = await first.jobs.enqueue(interrupted, { text: 'go on' });
    await began.promise;
    await first.close();
    const ran = Promise.withResolvers<string>();
    const kind = kindOf('long', async ({ text }) => ran.resolve(text));
    const second = await start(context, settings, [kind]);
    assert.equal(await ran.promise, 'go on');
    await eventually(async () => (await second.jobs.find(kind, id))?.state === 'done');
  });

  void it('a job whose analyzer was killed is run by another', async (context) => {
    const settings = await newDatabase();
    const program = fileURLToPath(new URL('../../testing/die-in-a-job.ts', import.meta.url));
    const child = fork(program, [JSON.stringify(settings)], { stdio: 'inherit' });
    const [id] = (await once(child, 'message')) as [string];
    child.kill('SIGKILL');
    await once(child, 'exit');
    const ran = Promise.withResolvers<string>();
    const kind = kindOf('deadly', async ({ text }) => ran.resolve(text));
    const { jobs } = await start(context, settings, [kind]);
    assert.equal((await jobs.find(kind, id))?.state, 'running', 'it still counts as running');
    assert.equal(await ran.promise, 'survive me');
  });

  void it('runs by itself once in each stretch of time, whatever the number of analyzers', async (context) => {
    const settings = await newDatabase();
    let runs = 0;
    const daily = kindOf('daily', async () => void runs++, { everyMs: 100 * 24 * 3_600_000 });
    const open = await Promise.all([1, 2, 3].map(() => start(context, settings, [daily])));
    await eventually(async () => runs > 0);
    const quick = kindOf('quick', async () => undefined);
    const last = await start(context, settings, [daily, quick]);
    const id = await last.jobs.enqueue(quick, { text: '' });
    await eventually(async () => (await last.jobs.find(quick, id))?.state === 'done');
    const { waiting, running } = await last.jobs.check();
    assert.deepEqual([runs, waiting, running, open.length], [1, 0, 0, 3]);
  });
});

void test('forgets jobs that are over for longer than they are kept', async (context) => {
  const { db } = await testDatabase(context, { DATA_DIR: await testFolder(context) });
  const kind = kindOf('short', async () => undefined);
  const open = async (clock: () => number) => {
    const jobs = new SqliteJobs([kind], { db, clock, onError: () => undefined });
    context.after(() => jobs.close());
    return jobs;
  };
  const now = await open(Date.now);
  const id = await now.enqueue(kind, { text: '' });
  await eventually(async () => (await now.find(kind, id))?.state === 'done');
  await open(() => Date.now() + kind.keepMs - 10_000);
  assert.equal((await now.find(kind, id))?.state, 'done');
  await open(() => Date.now() + kind.keepMs + 10_000);
  await eventually(async () => (await now.find(kind, id)) === null);
});

void test(
  'goes on with its jobs when Postgres was gone and is back',
  { skip: POSTGRES_MISSING },
  async (context) => {
    const postgres = await TestPostgres.start();
    context.after(() => postgres.close());
    const settings = { DATABASE_URL: await postgres.newDatabase() };
    const ran: string[] = [];
    const kind = kindOf('count', async ({ text }) => void ran.push(text));
    const { jobs } = await start(context, settings, [kind]);
    await jobs.enqueue(kind, { text: 'before' });
    await eventually(async () => ran.includes('before'));
    await postgres.halt();
    await assert.rejects(jobs.enqueue(kind, { text: 'meanwhile' }));
    await assert.rejects(jobs.check());
    await postgres.resume();
    await eventually(() =>
      jobs.enqueue(kind, { text: 'after' }).then(
        () => true,
        () => false,
      ),
    );
    await eventually(async () => ran.includes('after'));
    assert.ok(!ran.includes('meanwhile'));
  },
);
