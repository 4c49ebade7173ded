import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Dialect, Kysely, sql } from 'kysely';
import type { Database } from '../../database.ts';
import { AppError } from '../../errors.ts';
import { migrate } from './migrate.ts';
import { type PostgresOptions, postgresDialect } from './postgres-dialect.ts';
import { NodeSqliteDialect } from './sqlite-dialect.ts';

export interface DatabaseOptions extends Omit<PostgresOptions, 'url'> {
  /** A Postgres; SQLite in `dataDir` without it. */
  readonly url: string | undefined;
  readonly dataDir: string;
}

export interface OpenDatabase {
  readonly db: Kysely<Database>;
  /** Answers or throws `database_unreachable`: is it there? */
  check(): Promise<{ readonly version: string }>;
  close(): Promise<void>;
}

/** Opens the database and brings its tables up to date. Throws `database_unreachable` or `invalid_configuration`. */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { url } = options;
  if (url === undefined) await makeFolder(options.dataDir);
  const file = path.join(options.dataDir, 'sonde.db');
  const dialect = (timeoutMs: number): Dialect =>
    url === undefined ? new NodeSqliteDialect(file) : postgresDialect({ ...options, url, timeoutMs });
  // A migration may wait for that of another process, so its connections have no time limit.
  await migrate(dialect(0));
  const db = new Kysely<Database>({ dialect: dialect(options.timeoutMs) });
  return {
    db,
    check: async () => ({ version: await versionOf(db, url === undefined) }),
    close: () => db.destroy(),
  };
}

async function versionOf(db: Kysely<Database>, sqlite: boolean): Promise<string> {
  const [product, version] = sqlite
    ? ['SQLite', sql`sqlite_version()`]
    : ['Postgres', sql`current_setting('server_version')`];
  const { rows } = await sql<{ version: string }>`select ${version} as version`.execute(db);
  return `${product} ${rows[0]?.version}`;
}

async function makeFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
  } catch (error) {
    throw new AppError(
      'invalid_configuration',
      `The folder ${dataDir} cannot be made (${(error as NodeJS.ErrnoException).code}). Give one that can be written with DATA_DIR.`,
      { cause: error },
    );
  }
}
