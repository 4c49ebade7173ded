import { promises as fs } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Dialect, Kysely } from 'kysely';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import { AppError } from '../../errors.ts';

const FOLDER = fileURLToPath(new URL('../../../../migrations', import.meta.url));

/**
 * Applies what is missing of `migrations/`, all or nothing. Processes that start together take turns: by an advisory
 * lock on Postgres, by the write lock of the file on SQLite.
 */
export async function migrate(dialect: Dialect): Promise<void> {
  const db = new Kysely<unknown>({ dialect });
  try {
    const provider = new FileMigrationProvider({ fs, path, migrationFolder: FOLDER });
    const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
    if (error) throw explained(error, results?.find(({ status }) => status === 'Error')?.migrationName);
  } finally {
    await db.destroy();
  }
}

function explained(error: unknown, migration: string | undefined): AppError {
  if (error instanceof AppError) return error;
  const where = migration
    ? `Migration ${migration} of the database failed`
    : 'The database cannot be prepared';
  return new AppError(
    'invalid_configuration',
    `${where} (${(error as Error).message}). Check that DATABASE_URL or DATA_DIR belongs to this version of Sonde and can be written.`,
    { cause: error },
  );
}
