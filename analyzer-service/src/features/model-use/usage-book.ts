import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';
import type { ModelUsageRow } from '../../database/model-tables.ts';

const DAY_MS = 24 * 3_600_000;
/** Callers, models and days that wait for a database that is away. */
const WAITING_MAX = 10_000;

export interface Use {
  readonly actor: string;
  readonly model: string;
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly nowMs: number;
}

export interface UsageQuery {
  /** Of everybody when null. */
  readonly actor: string | null;
  readonly sinceMs: number;
}

/**
 * What each caller had each model do, day by day. An answer never waits for it: what could not be written yet is kept
 * in memory and written with the next one.
 */
export class UsageBook {
  readonly #db: Kysely<Database>;
  readonly #onLost: (error: Error) => void;
  #waiting = new Map<string, ModelUsageRow>();
  #writing: Promise<void> | null = null;

  constructor(db: Kysely<Database>, onLost: (error: Error) => void) {
    this.#db = db;
    this.#onLost = onLost;
  }

  count({ actor, model, promptTokens, answerTokens, nowMs }: Use): void {
    this.#add({
      actor,
      model,
      day_ms: dayOf(nowMs),
      requests: 1,
      prompt_tokens: promptTokens,
      answer_tokens: answerTokens,
    });
    void this.written();
  }

  /** Resolves when all that was counted is written, or cannot be. */
  async written(): Promise<void> {
    // One that is under way may have begun before the last count.
    if (this.#writing) await this.#writing;
    if (this.#waiting.size > 0)
      this.#writing ??= this.#write().finally(() => {
        this.#writing = null;
      });
    if (this.#writing) await this.#writing;
  }

  /** Latest day first, at most `limit` rows. */
  async rows({ actor, sinceMs }: UsageQuery, limit: number): Promise<readonly ModelUsageRow[]> {
    let query = this.#db.selectFrom('model_usage').selectAll().where('day_ms', '>=', sinceMs);
    if (actor !== null) query = query.where('actor', '=', actor);
    return query.orderBy('day_ms', 'desc').orderBy('actor').orderBy('model').limit(limit).execute();
  }

  async totals({ actor, sinceMs }: UsageQuery) {
    let query = this.#db.selectFrom('model_usage').where('day_ms', '>=', sinceMs);
    if (actor !== null) query = query.where('actor', '=', actor);
    const row = await query
      .select(({ fn }) => [
        fn.countAll().as('rows'),
        fn.sum('requests').as('requests'),
        fn.sum('prompt_tokens').as('prompt_tokens'),
        fn.sum('answer_tokens').as('answer_tokens'),
      ])
      .executeTakeFirstOrThrow();
    // Postgres gives sums as text.
    return {
      rows: Number(row.rows),
      requests: Number(row.requests ?? 0),
      promptTokens: Number(row.prompt_tokens ?? 0),
      answerTokens: Number(row.answer_tokens ?? 0),
    };
  }

  /** Of each caller, all models and days together. */
  async byCaller(sinceMs: number): Promise<ReadonlyMap<string, { requests: number; tokens: number }>> {
    const rows = await this.#db
      .selectFrom('model_usage')
      .where('day_ms', '>=', sinceMs)
      .groupBy('actor')
      .select(({ fn }) => [
        'actor',
        fn.sum('requests').as('requests'),
        fn.sum('prompt_tokens').as('prompt'),
        fn.sum('answer_tokens').as('answer'),
      ])
      .execute();
    return new Map(
      rows.map(({ actor, requests, prompt, answer }) => [
        actor,
        { requests: Number(requests), tokens: Number(prompt) + Number(answer) },
      ]),
    );
  }

  async removeBefore(beforeMs: number): Promise<void> {
    await this.#db.deleteFrom('model_usage').where('day_ms', '<', beforeMs).execute();
  }

  #add(row: ModelUsageRow): void {
    const key = JSON.stringify([row.actor, row.day_ms, row.model]);
    const before = this.#waiting.get(key);
    if (!before && this.#waiting.size >= WAITING_MAX) return;
    this.#waiting.set(key, {
      ...row,
      requests: row.requests + (before?.requests ?? 0),
      prompt_tokens: row.prompt_tokens + (before?.prompt_tokens ?? 0),
      answer_tokens: row.answer_tokens + (before?.answer_tokens ?? 0),
    });
  }

  async #write(): Promise<void> {
    const rows = [...this.#waiting.values()];
    this.#waiting = new Map();
    try {
      await this.#db.transaction().execute(async (transaction) => {
        for (const row of rows) await addToRow(transaction, row);
      });
    } catch (error) {
      for (const row of rows) this.#add(row);
      this.#onLost(error as Error);
    }
  }
}

/** Midnight UTC. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS) * DAY_MS;
}

function addToRow(db: Kysely<Database>, row: ModelUsageRow) {
  return db
    .insertInto('model_usage')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['actor', 'day_ms', 'model']).doUpdateSet((update) => ({
        requests: update('model_usage.requests', '+', update.ref('excluded.requests')),
        prompt_tokens: update('model_usage.prompt_tokens', '+', update.ref('excluded.prompt_tokens')),
        answer_tokens: update('model_usage.answer_tokens', '+', update.ref('excluded.answer_tokens')),
      })),
    )
    .execute();
}
