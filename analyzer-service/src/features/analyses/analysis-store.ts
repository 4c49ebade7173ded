import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../../database.ts';
import { AppError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { AnalysisHead, AnalysisResult, Asked } from './schema.ts';
import { seal, type SealKey, unseal } from '../../seal.ts';
import type { TextFile } from './text-input.ts';

const HEAD = [
  'id',
  'created_ms',
  'finished_ms',
  'state',
  'actor',
  'title',
  'bytes',
  'key_id',
  'error',
] as const;
export type HeadRow = Pick<Selectable<Database['analyses']>, (typeof HEAD)[number]>;

export interface Input {
  readonly files: readonly TextFile[];
  readonly asked: Asked;
}

const DELETE_BATCH = 500;

/** Analyses in the database, packed, and encrypted where there is a key. */
export class AnalysisStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  readonly #keys: readonly SealKey[];

  constructor(db: Kysely<Database>, clock: Clock, keys: readonly SealKey[]) {
    this.#db = db;
    this.#clock = clock;
    this.#keys = keys;
  }

  /** Keeps an analysis that waits for a job, with all that the job needs. */
  async addWaiting(row: NewAnalysis, { files, asked }: Input): Promise<void> {
    const packed = {
      asked,
      files: files.map(({ name, content }) => ({ name, content: content.toString('base64') })),
    };
    const { keyId, text } = await this.#pack(row.id, packed);
    const values = { ...row, state: 'waiting' as const, key_id: keyId, input: text };
    await this.#db
      .insertInto('analyses')
      .values({ ...values, finished_ms: null, result: null, error: null })
      .execute();
  }

  /** Keeps an analysis that is done. */
  async addDone(row: NewAnalysis, result: AnalysisResult): Promise<void> {
    const { keyId, text } = await this.#pack(row.id, result);
    const values = {
      ...row,
      state: 'done' as const,
      key_id: keyId,
      result: text,
      finished_ms: this.#clock(),
    };
    await this.#db
      .insertInto('analyses')
      .values({ ...values, input: null, error: null })
      .execute();
  }

  /** What a job works on; null when the analysis is over or was deleted. */
  async begin(id: string): Promise<Input | null> {
    const row = await this.#db
      .updateTable('analyses')
      .set({ state: 'running' })
      .where('id', '=', id)
      .where('state', 'in', ['waiting', 'running'])
      .returning(['key_id', 'input'])
      .executeTakeFirst();
    if (!row?.input) return null;
    const packed = (await this.#unpack(id, row.key_id, row.input)) as {
      readonly asked: Asked;
      readonly files: readonly { readonly name: string; readonly content: string }[];
    };
    const files = packed.files.map(({ name, content }) => ({
      name,
      content: Buffer.from(content, 'base64'),
    }));
    return { asked: packed.asked, files };
  }

  /** The input is forgotten once there is a result. */
  async finish(
    id: string,
    outcome: { readonly result: AnalysisResult } | { readonly error: string },
  ): Promise<void> {
    const packed = 'result' in outcome ? await this.#pack(id, outcome.result) : null;
    await this.#db
      .updateTable('analyses')
      .set({
        ...(packed ? { state: 'done', result: packed.text, key_id: packed.keyId } : { state: 'failed' }),
        error: 'error' in outcome ? outcome.error.slice(0, 1_000) : null,
        input: null,
        finished_ms: this.#clock(),
      })
      .where('id', '=', id)
      .execute();
  }

  /** Throws `not_found`. */
  async head(id: string): Promise<HeadRow> {
    const row = await this.#db.selectFrom('analyses').select(HEAD).where('id', '=', id).executeTakeFirst();
    if (!row) throw noSuchAnalysis(id);
    return row;
  }

  /** Throws `not_found`, and `invalid_configuration` when its key is missing. */
  async read(id: string): Promise<{ readonly head: HeadRow; readonly result: AnalysisResult | null }> {
    const row = await this.#db
      .selectFrom('analyses')
      .select([...HEAD, 'result'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw noSuchAnalysis(id);
    const { result, ...head } = row;
    return {
      head,
      result: result === null ? null : ((await this.#unpack(id, row.key_id, result)) as AnalysisResult),
    };
  }

  /** Newest first, those after `before`. */
  async list(limit: number, before: string | undefined): Promise<readonly HeadRow[]> {
    let query = this.#db
      .selectFrom('analyses')
      .select(HEAD)
      .orderBy('created_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    if (before !== undefined) {
      const { created_ms, id } = await this.head(before);
      query = query.where((row) =>
        row.or([
          row('created_ms', '<', created_ms),
          row.and([row('created_ms', '=', created_ms), row('id', '<', id)]),
        ]),
      );
    }
    return query.execute();
  }

  async waiting(): Promise<number> {
    const { count } = await this.#db
      .selectFrom('analyses')
      .where('state', 'in', ['waiting', 'running'])
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return count;
  }

  /** Throws `not_found`. */
  async remove(id: string): Promise<void> {
    const { numDeletedRows } = await this.#db.deleteFrom('analyses').where('id', '=', id).executeTakeFirst();
    if (numDeletedRows === 0n) throw noSuchAnalysis(id);
  }

  /** Removes those made before a time, in batches that hold up nobody; resolves to their number. */
  async removeBefore(beforeMs: number, signal: AbortSignal): Promise<number> {
    let removed = 0;
    while (!signal.aborted) {
      const { numDeletedRows } = await this.#db
        .deleteFrom('analyses')
        .where('id', 'in', (query) =>
          query.selectFrom('analyses').select('id').where('created_ms', '<', beforeMs).limit(DELETE_BATCH),
        )
        .executeTakeFirst();
      removed += Number(numDeletedRows);
      if (numDeletedRows < DELETE_BATCH) break;
    }
    return removed;
  }

  /** Encrypts results again that are encrypted with an older key, or not yet; resolves to their number. */
  async sealAgain(signal: AbortSignal): Promise<number> {
    const current = this.#keys[0]?.id;
    if (!current) return 0;
    let sealed = 0;
    let after = '';
    while (!signal.aborted) {
      const row = await this.#db
        .selectFrom('analyses')
        .select(['id', 'key_id', 'result'])
        .where('state', '=', 'done')
        .where('result', 'is not', null)
        .where((where) => where.or([where('key_id', 'is', null), where('key_id', '!=', current)]))
        .where('id', '>', after)
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      if (!row?.result) break;
      after = row.id;
      if (row.key_id !== null && !this.#keys.some(({ id }) => id === row.key_id)) continue;
      const { keyId, text } = seal(
        this.#keys,
        row.id,
        unseal(this.#keys, row.id, { keyId: row.key_id, text: row.result }),
      );
      await this.#db
        .updateTable('analyses')
        .set({ key_id: keyId, result: text })
        .where('id', '=', row.id)
        .execute();
      sealed++;
    }
    return sealed;
  }

  async #pack(id: string, value: object) {
    return seal(this.#keys, id, await promisify(gzip)(JSON.stringify(value)));
  }

  async #unpack(id: string, keyId: string | null, text: string): Promise<unknown> {
    const content = await promisify(gunzip)(unseal(this.#keys, id, { keyId, text }));
    return JSON.parse(content.toString('utf8'));
  }
}

export interface NewAnalysis {
  readonly id: string;
  readonly created_ms: number;
  readonly actor: string;
  readonly title: string;
  readonly bytes: number;
}

export function writeHead(row: HeadRow, progress: number): AnalysisHead {
  const { id, state, title, bytes, actor, error } = row;
  return {
    id,
    state,
    title,
    bytes,
    actor,
    created: new Date(row.created_ms).toISOString(),
    finished: row.finished_ms === null ? null : new Date(row.finished_ms).toISOString(),
    encrypted: row.key_id !== null,
    error,
    progress: state === 'done' || state === 'failed' ? 1 : progress,
  };
}

function noSuchAnalysis(id: string): AppError {
  return new AppError('not_found', `There is no analysis ${id}. GET /api/v1/analyses lists them.`);
}
