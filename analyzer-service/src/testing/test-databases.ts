import { after, before, describe } from 'node:test';
import { POSTGRES_MISSING, TestPostgres } from './test-postgres.ts';
import { testFolder } from './test-stack.ts';

/** Settings of a database that nobody used yet. */
export type NewDatabase = () => Promise<{ readonly DATA_DIR: string; readonly DATABASE_URL: string }>;

/** One suite on both databases. The cleanups of `context` run at the end of the suite. */
export function onBothDatabases(suite: (newDatabase: NewDatabase) => void): void {
  const cleanups: (() => unknown)[] = [];
  const context = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });
  void describe('on SQLite', () =>
    suite(async () => ({ DATA_DIR: await testFolder(context), DATABASE_URL: '' })));
  void describe('on Postgres', { skip: POSTGRES_MISSING }, () => {
    let server: TestPostgres;
    before(async () => {
      server = await TestPostgres.start();
      cleanups.push(() => server.close());
    });
    suite(async () => ({ DATA_DIR: '', DATABASE_URL: await server.newDatabase() }));
  });
}
