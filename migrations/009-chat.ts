import type { Kysely } from 'kysely';

/** Conversations with a model. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('chat_sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_ms', 'bigint', (column) => column.notNull())
    .addColumn('turns', 'integer', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('head', 'text', (column) => column.notNull())
    .addColumn('busy_by', 'text')
    .addColumn('busy_until_ms', 'bigint')
    .execute();
  await db.schema
    .createIndex('chat_sessions_actor')
    .on('chat_sessions')
    .columns(['actor', 'updated_ms'])
    .execute();
  await db.schema.createIndex('chat_sessions_updated_ms').on('chat_sessions').column('updated_ms').execute();
  await db.schema
    .createTable('chat_turns')
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_ms', 'bigint', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('model', 'text')
    .addColumn('prompt_tokens', 'integer')
    .addColumn('answer_tokens', 'integer')
    .addColumn('took_ms', 'bigint')
    .addPrimaryKeyConstraint('chat_turns_key', ['session_id', 'number'])
    .execute();
}
