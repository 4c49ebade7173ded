import type { Kysely } from 'kysely';

/** What users say about patterns, and the templates that the background job learns. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('pattern_notes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('wording', 'text')
    .addColumn('definition', 'text')
    .addColumn('pinned', 'integer', (column) => column.notNull())
    .addColumn('muted', 'integer', (column) => column.notNull())
    .addColumn('changed_by', 'text', (column) => column.notNull())
    .addColumn('changed_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('learned_templates')
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('template_id', 'text', (column) => column.notNull())
    .addColumn('wording', 'text', (column) => column.notNull())
    .addColumn('level', 'text', (column) => column.notNull())
    .addColumn('lines', 'bigint', (column) => column.notNull())
    .addColumn('first_ms', 'bigint', (column) => column.notNull())
    .addColumn('last_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('learned_templates_key', ['service', 'template_id', 'level'])
    .execute();
  await db.schema
    .createIndex('learned_templates_template_id')
    .on('learned_templates')
    .column('template_id')
    .execute();
}
