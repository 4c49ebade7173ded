import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { it, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import type { AppError } from '../../errors.ts';
import { onBothDatabases } from '../../testing/test-databases.ts';
import { testFolder } from '../../testing/test-stack.ts';
import { type DatabaseOptions, type OpenDatabase, openDatabase } from './open-database.ts';

type Settings = Awaited<ReturnType<Parameters<Parameters<typeof onBothDatabases>[0]>[0]>>;

function open(settings: Settings): Promise<OpenDatabase> {
  return openDatabase(options(settings));
}

function options({ DATA_DIR, DATABASE_URL }: Settings): DatabaseOptions {
  return {
    url: DATABASE_URL || undefined,
    dataDir: DATA_DIR,
    connectionsMax: 5,
    timeoutMs: 2_000,
    onLost: () => undefined,
  };
}

const line = (id: string) => ({ id, time_ms: Date.UTC(2026, 10, 21), actor: 'a', action: 'b', target: 'c' });

onBothDatabases((newDatabase) => {
  void it('keeps what was written for the next start, numbers as numbers', async () => {
    const settings = await newDatabase();
    const first = await open(settings);
    await first.db.insertInto('audit_log').values(line('one')).execute();
    await first.close();
    const second = await open(settings);
    assert.deepEqual(await second.db.selectFrom('audit_log').selectAll().execute(), [line('one')]);
    assert.match((await second.check()).version, /^(SQLite|Postgres) \d+\.\d+/);
    await second.close();
  });

  void it('is prepared once by eight processes that start together, and takes the writes of all', async () => {
    const settings = await newDatabase();
    const program = fileURLToPath(new URL('../../testing/write-audit-lines.ts', import.meta.url));
    const children = Array.from({ length: 8 }, (_, index) =>
      fork(program, [JSON.stringify(options(settings)), String(index), '25'], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
    assert.deepEqual(codes, [0, 0, 0, 0, 0, 0, 0, 0]);
    const database = await open(settings);
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(database.db);
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
    const { lines } = await database.db
      .selectFrom('audit_log')
      .select(({ fn }) => fn.countAll<number>().as('lines'))
      .executeTakeFirstOrThrow();
    assert.equal(lines, 8 * 25);
    await database.close();
  });

  void it('takes back what a failed transaction wrote', async () => {
    const database = await open(await newDatabase());
    const failed = database.db.transaction().execute(async (transaction) => {
      await transaction.insertInto('audit_log').values(line('lost')).execute();
      throw new Error('changed my mind');
    });
    await assert.rejects(failed, /changed my mind/);
    assert.deepEqual(await database.db.selectFrom('audit_log').selectAll().execute(), []);
    await database.close();
  });
});

void test('a Postgres that is not there is one sentence without the password', async () => {
  const url = 'postgres://sonde:geheim@127.0.0.1:9/sonde';
  await assert.rejects(open({ DATA_DIR: '', DATABASE_URL: url }), (error: AppError) => {
    assert.equal(error.code, 'database_unreachable');
    assert.match(error.message, /127\.0\.0\.1:9 cannot be reached \(ECONNREFUSED\).*DATABASE_URL/);
    assert.doesNotMatch(error.message, /geheim/);
    return true;
  });
});

void test('a data folder that is a file, and a database file that is none, say which setting to change', async (context) => {
  const folder = await testFolder(context);
  await writeFile(path.join(folder, 'file'), '');
  const dataDir = { DATA_DIR: path.join(folder, 'file'), DATABASE_URL: '' };
  await assert.rejects(open(dataDir), /cannot be made \(EEXIST\).*DATA_DIR/);
  await mkdir(path.join(folder, 'broken'));
  await writeFile(
    path.join(folder, 'broken/sonde.db'),
    'this is no database, and long enough to be read as one '.repeat(20),
  );
  await assert.rejects(
    open({ DATA_DIR: path.join(folder, 'broken'), DATABASE_URL: '' }),
    /not a database.*DATA_DIR/,
  );
});
