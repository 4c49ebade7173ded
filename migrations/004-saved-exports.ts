import type { Kysely } from 'kysely';

/** Exports that are written to a file by a background job. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('saved_exports')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('finished_ms', 'bigint')
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('rows_done', 'bigint', (column) => column.notNull())
    .addColumn('rows_total', 'bigint')
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('file_name', 'text')
    .addColumn('content_type', 'text')
    .addColumn('error', 'text')
    .execute();
  await db.schema.createIndex('saved_exports_created_ms').on('saved_exports').column('created_ms').execute();
}
