import { type Kysely, PostgresAdapter } from 'kysely';

/** Background jobs on SQLite. On Postgres pg-boss keeps them in a schema of its own, which it migrates itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (db.getExecutor().adapter instanceof PostgresAdapter) return;
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('due_ms', 'bigint', (column) => column.notNull())
    .addColumn('lease_until_ms', 'bigint')
    .addColumn('slot', 'text', (column) => column.unique())
    .addColumn('error', 'text')
    .addColumn('finished_ms', 'bigint')
    .execute();
  await db.schema.createIndex('jobs_state_due_ms').on('jobs').columns(['state', 'due_ms']).execute();
}
