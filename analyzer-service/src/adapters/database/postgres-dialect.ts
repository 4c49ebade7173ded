import { PostgresDialect } from 'kysely';
import pg from 'pg';
import { AppError } from '../../errors.ts';

export interface PostgresOptions {
  readonly url: string;
  readonly connectionsMax: number;
  /** Of one statement; 0 is no limit. */
  readonly timeoutMs: number;
  /** Told of connections that broke while nobody used them. */
  readonly onLost: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 3_000;

/** Kysely's Postgres dialect on a pool with limits. A database that is not there is `database_unreachable`. */
export function postgresDialect({
  url,
  connectionsMax,
  timeoutMs,
  onLost,
}: PostgresOptions): PostgresDialect {
  // Counts and times fit a double; the driver would return them as text.
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    application_name: 'sonde',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    // The server ends a statement that takes too long; the client gives up when not even the server answers.
    ...(timeoutMs > 0 && { statement_timeout: timeoutMs, query_timeout: timeoutMs + 1_000 }),
    types,
  });
  pool.on('error', onLost);
  return new PostgresDialect({
    pool: {
      options: pool.options,
      connect: () =>
        pool.connect().catch((error: unknown) => {
          throw unreachable(url, error as Error);
        }),
      end: () => pool.end(),
    },
  });
}

function unreachable(url: string, error: Error): AppError {
  const { host } = new URL(url);
  const reason = (error as NodeJS.ErrnoException).code ?? error.message;
  return new AppError(
    'database_unreachable',
    `The database at ${host} cannot be reached (${reason}). Check that it runs, and DATABASE_URL.`,
    { cause: error },
  );
}
