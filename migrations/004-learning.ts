import type { CreateTableBuilder, Kysely } from 'kysely';

interface Table {
  readonly name: string;
  readonly key: readonly string[];
  /** Names that end in `?` may be null. */
  readonly columns: Readonly<Record<string, 'text' | 'bigint' | 'double precision'>>;
  readonly indexes: readonly (readonly string[])[];
}

const TABLES: readonly Table[] = [
  {
    name: 'learning_state',
    key: ['id'],
    columns: {
      id: 'text',
      since_ms: 'bigint',
      until_ms: 'bigint',
      miner: 'text',
    },
    indexes: [],
  },
  {
    name: 'ai_operations',
    key: ['id'],
    columns: {
      id: 'text',
      time_ms: 'bigint',
      service: 'text',
      model: 'text',
      outcome: 'text',
      'request_id?': 'text',
      'conversation_id?': 'text',
      'workspace_id?': 'text',
      input_tokens: 'bigint',
      output_tokens: 'bigint',
      total_tokens: 'bigint',
      'latency_ms?': 'double precision',
    },
    indexes: [['time_ms'], ['conversation_id'], ['workspace_id', 'time_ms']],
  },
  {
    name: 'ai_conversations',
    key: ['conversation_id'],
    columns: {
      conversation_id: 'text',
      'workspace_id?': 'text',
      started_ms: 'bigint',
      ended_ms: 'bigint',
      models: 'text',
      calls: 'bigint',
      failed: 'bigint',
      retries: 'bigint',
      total_tokens: 'bigint',
    },
    indexes: [['ended_ms']],
  },
  {
    name: 'ai_correlations',
    key: ['field', 'request_id'],
    columns: {
      field: 'text',
      request_id: 'text',
      started_ms: 'bigint',
      duration_ms: 'double precision',
      services: 'text',
      lines: 'bigint',
      'broke_at?': 'text',
      'bottleneck?': 'text',
    },
    indexes: [['started_ms']],
  },
  {
    name: 'ai_workspace_usage',
    key: ['workspace_id', 'day_ms', 'model'],
    columns: {
      workspace_id: 'text',
      day_ms: 'bigint',
      model: 'text',
      calls: 'bigint',
      failed: 'bigint',
      retries: 'bigint',
      input_tokens: 'bigint',
      output_tokens: 'bigint',
      total_tokens: 'bigint',
    },
    indexes: [['day_ms']],
  },
  {
    name: 'ai_error_patterns',
    key: ['service', 'template_id', 'level', 'start_ms'],
    columns: {
      service: 'text',
      template_id: 'text',
      level: 'text',
      start_ms: 'bigint',
      wording: 'text',
      'known_pattern_id?': 'text',
      lines: 'bigint',
      first_timestamp_ns: 'text',
    },
    indexes: [['start_ms']],
  },
  {
    name: 'ai_performance_baselines',
    key: ['service', 'start_ms'],
    columns: {
      service: 'text',
      start_ms: 'bigint',
      end_ms: 'bigint',
      lines: 'bigint',
      errors: 'bigint',
      measured_lines: 'bigint',
      'p50_ms?': 'double precision',
      'p95_ms?': 'double precision',
      'p99_ms?': 'double precision',
    },
    indexes: [['start_ms']],
  },
];

/**
 * What the background job takes from the logs. Rows are found again by their key, so that reading a stretch of time
 * twice leaves the same rows.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const { name, key, columns, indexes } of TABLES) {
    const table = Object.entries(columns).reduce<CreateTableBuilder<string, string>>(
      (built, [column, type]) =>
        column.endsWith('?')
          ? built.addColumn(column.slice(0, -1), type)
          : built.addColumn(column, type, (definition) => definition.notNull()),
      db.schema.createTable(name),
    );
    await table.addPrimaryKeyConstraint(`${name}_key`, key as never).execute();
    for (const own of indexes) {
      const index = db.schema.createIndex(`${name}_${own.join('_')}`).on(name);
      await index.columns([...own]).execute();
    }
  }
}
