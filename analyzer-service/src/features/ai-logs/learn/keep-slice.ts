import { type Kysely, type Transaction, sql } from 'kysely';
import type { Database, LearningStateRow } from '../../../database.ts';
import type { TimeRange } from '../../../engine/log-line.ts';
import { type NewPatternRules, keepNewPatterns } from './keep-new-patterns.ts';
import type { SliceFacts } from './read-slice.ts';

type Writing = Transaction<Database>;

const DAY_MS = 24 * 3_600_000;
/** Rows of one statement: SQLite holds up the process while it runs one. */
const ROWS_AT_ONCE = 200;

/**
 * Writes what a slice added and moves the watermark, all or nothing. False, and nothing written, when somebody else
 * moved the watermark since `state` was read.
 */
export async function keepSlice(
  db: Kysely<Database>,
  state: LearningStateRow,
  slice: TimeRange,
  miner: string,
  facts: SliceFacts,
  rules: NewPatternRules,
): Promise<boolean> {
  const isFirst = state.since_ms === state.until_ms;
  return db.transaction().execute(async (writing) => {
    const { numUpdatedRows } = await writing
      .updateTable('learning_state')
      .set({ until_ms: slice.endMs, miner, ...(isFirst && { since_ms: slice.startMs }) })
      .where('id', '=', state.id)
      .where('until_ms', '=', state.until_ms)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await keepOperations(writing, facts.operations);
    await keepCorrelations(writing, facts.correlations);
    await keepNewPatterns(writing, slice, facts.templates, facts.newWordings, rules);
    await keepTemplates(writing, facts);
    for (const rows of inParts(facts.baselines)) {
      const baseline = writing.insertInto('ai_performance_baselines').values([...rows]);
      await baseline.onConflict((conflict) => conflict.doNothing()).execute();
    }
    return true;
  });
}

/** Conversations and usage are added up anew from their operations, so that one told twice counts once. */
async function keepOperations(writing: Writing, operations: SliceFacts['operations']): Promise<void> {
  for (const rows of inParts(operations)) {
    const insert = writing.insertInto('ai_operations').values([...rows]);
    await insert.onConflict((conflict) => conflict.column('id').doNothing()).execute();
  }
  const conversations = new Set(operations.flatMap(({ conversation_id }) => conversation_id ?? []));
  for (const ids of inParts([...conversations])) await addUpConversations(writing, ids);
  const days = new Map(
    operations.flatMap(({ workspace_id, time_ms }) => {
      if (workspace_id === null) return [];
      const dayMs = Math.floor(time_ms / DAY_MS) * DAY_MS;
      return [[`${workspace_id}\n${dayMs}`, { workspace_id, dayMs }] as const];
    }),
  );
  for (const day of days.values()) await addUpDay(writing, day);
}

const CALLS = sql<number>`cast(sum(case when outcome = 'retried' then 0 else 1 end) as bigint)`;
const FAILED = sql<number>`cast(sum(case when outcome = 'failed' then 1 else 0 end) as bigint)`;
const RETRIES = sql<number>`cast(sum(case when outcome = 'retried' then 1 else 0 end) as bigint)`;
const tokens = (column: 'input_tokens' | 'output_tokens' | 'total_tokens') =>
  sql<number>`cast(sum(${sql.ref(column)}) as bigint)`;

async function addUpConversations(writing: Writing, ids: readonly string[]): Promise<void> {
  const own = writing.selectFrom('ai_operations').where('conversation_id', 'in', [...ids]);
  const totals = await own
    .select(({ fn }) => [
      'conversation_id',
      fn.max('workspace_id').as('workspace_id'),
      fn.min('time_ms').as('started_ms'),
      fn.max('time_ms').as('ended_ms'),
      CALLS.as('calls'),
      FAILED.as('failed'),
      RETRIES.as('retries'),
      tokens('total_tokens').as('total_tokens'),
    ])
    .groupBy('conversation_id')
    .execute();
  const named = await own.select(['conversation_id', 'model']).distinct().orderBy('model').execute();
  const rows = totals.flatMap(({ conversation_id, ...total }) => {
    if (conversation_id === null) return [];
    const models = named.filter((one) => one.conversation_id === conversation_id).map(({ model }) => model);
    return [{ conversation_id, ...total, models: JSON.stringify(models) }];
  });
  await writing
    .deleteFrom('ai_conversations')
    .where('conversation_id', 'in', [...ids])
    .execute();
  await writing.insertInto('ai_conversations').values(rows).execute();
}

async function addUpDay(
  writing: Writing,
  { workspace_id, dayMs }: { readonly workspace_id: string; readonly dayMs: number },
): Promise<void> {
  const totals = await writing
    .selectFrom('ai_operations')
    .where('workspace_id', '=', workspace_id)
    .where('time_ms', '>=', dayMs)
    .where('time_ms', '<', dayMs + DAY_MS)
    .select([
      'model',
      CALLS.as('calls'),
      FAILED.as('failed'),
      RETRIES.as('retries'),
      tokens('input_tokens').as('input_tokens'),
      tokens('output_tokens').as('output_tokens'),
      tokens('total_tokens').as('total_tokens'),
    ])
    .groupBy('model')
    .execute();
  const day = { workspace_id, day_ms: dayMs };
  await writing
    .deleteFrom('ai_workspace_usage')
    .where('workspace_id', '=', workspace_id)
    .where('day_ms', '=', dayMs)
    .execute();
  await writing
    .insertInto('ai_workspace_usage')
    .values(totals.map((total) => ({ ...day, ...total })))
    .execute();
}

/** A request that lies across two slices is told by the one that holds more of it. */
async function keepCorrelations(writing: Writing, correlations: SliceFacts['correlations']): Promise<void> {
  for (const rows of inParts(correlations)) {
    await writing
      .insertInto('ai_correlations')
      .values([...rows])
      .onConflict((conflict) =>
        conflict
          .columns(['field', 'request_id'])
          .doUpdateSet((row) => ({
            started_ms: row.ref('excluded.started_ms'),
            duration_ms: row.ref('excluded.duration_ms'),
            services: row.ref('excluded.services'),
            lines: row.ref('excluded.lines'),
            broke_at: row.ref('excluded.broke_at'),
            bottleneck: row.ref('excluded.bottleneck'),
          }))
          .whereRef('excluded.lines', '>', 'ai_correlations.lines'),
      )
      .execute();
  }
}

async function keepTemplates(writing: Writing, { templates, errorPatterns }: SliceFacts): Promise<void> {
  for (const rows of inParts(templates)) {
    await writing
      .insertInto('learned_templates')
      .values([...rows])
      .onConflict((conflict) =>
        conflict.columns(['service', 'template_id', 'level']).doUpdateSet((row) => ({
          lines: row('learned_templates.lines', '+', row.ref('excluded.lines')),
          first_ms: sql<number>`case when excluded.first_ms < learned_templates.first_ms then excluded.first_ms else learned_templates.first_ms end`,
          last_ms: sql<number>`case when excluded.last_ms > learned_templates.last_ms then excluded.last_ms else learned_templates.last_ms end`,
        })),
      )
      .execute();
  }
  for (const rows of inParts(errorPatterns)) {
    const errors = writing.insertInto('ai_error_patterns').values([...rows]);
    await errors.onConflict((conflict) => conflict.doNothing()).execute();
  }
}

function* inParts<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE);
}
