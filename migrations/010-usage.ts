import type { Kysely } from 'kysely';

/** What callers had models do, day by day. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('model_usage')
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('day_ms', 'bigint', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('requests', 'bigint', (column) => column.notNull())
    .addColumn('prompt_tokens', 'bigint', (column) => column.notNull())
    .addColumn('answer_tokens', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('model_usage_key', ['actor', 'day_ms', 'model'])
    .execute();
  await db.schema.createIndex('model_usage_day_ms').on('model_usage').column('day_ms').execute();
}
