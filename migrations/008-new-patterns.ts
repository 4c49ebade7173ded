import type { Kysely } from 'kysely';

/** Wordings that a service never wrote before, until they were told and for as long as anything learned is kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('new_patterns')
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('template_id', 'text', (column) => column.notNull())
    .addColumn('level', 'text', (column) => column.notNull())
    .addColumn('wording', 'text', (column) => column.notNull())
    .addColumn('lines', 'bigint', (column) => column.notNull())
    .addColumn('first_ms', 'bigint', (column) => column.notNull())
    .addColumn('found_ms', 'bigint', (column) => column.notNull())
    .addColumn('told_ms', 'bigint')
    .addPrimaryKeyConstraint('new_patterns_key', ['service', 'template_id'])
    .execute();
  await db.schema.createIndex('new_patterns_told_ms').on('new_patterns').column('told_ms').execute();
}
