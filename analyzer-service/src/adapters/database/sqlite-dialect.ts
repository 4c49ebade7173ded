import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDatabase,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';

/** SQLite waits inside the call, which would hold up every request: longer waits happen between calls. */
const WAIT_INSIDE_MS = 20;
const WAIT_BETWEEN_MS = 10;
const WAIT_MS_MAX = 10_000;
const SQLITE_BUSY = 5;

/**
 * Kysely's own SQLite dialect on the SQLite that Node brings. Several processes may open the same file: a writer waits
 * for another without blocking, and transactions take the write lock when they begin, which also makes a migration
 * that runs in one exclusive.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #file: string;

  constructor(file: string) {
    super({ database: () => Promise.reject(new Error('the driver opens the file')) });
    this.#file = file;
  }

  override createDriver(): SqliteDriver {
    return new WaitingDriver({ database: async () => openFile(this.#file) });
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class WaitingDriver extends SqliteDriver {
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    return {
      executeQuery: (query) => whenFree(() => connection.executeQuery(query)),
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    };
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

async function openFile(file: string): Promise<SqliteDatabase> {
  const database = new DatabaseSync(file, { timeout: WAIT_INSIDE_MS });
  await whenFree(async () => database.exec('pragma journal_mode = wal; pragma synchronous = normal'));
  return {
    close: () => database.close(),
    prepare: (sql) => asKyselyStatement(database.prepare(sql)),
  };
}

type NodeStatement = ReturnType<DatabaseSync['prepare']>;
type SqliteValues = Parameters<NodeStatement['all']>;

function asKyselyStatement(statement: NodeStatement): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    // Node's rows have no prototype, which neither deepEqual nor a spread of other rows expects.
    all: (parameters) => statement.all(...(parameters as SqliteValues)).map((row) => ({ ...row })),
    run: (parameters) => statement.run(...(parameters as SqliteValues)),
    iterate: (parameters) => statement.iterate(...(parameters as SqliteValues)),
  };
}

async function whenFree<T>(run: () => Promise<T>): Promise<T> {
  const giveUpMs = performance.now() + WAIT_MS_MAX;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const { errcode = 0 } = error as { errcode?: number };
      if ((errcode & 0xff) !== SQLITE_BUSY || performance.now() > giveUpMs) throw error;
      await pause(WAIT_BETWEEN_MS);
    }
  }
}
