import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database, SavedExportRow } from '../../database.ts';
import { AppError } from '../../errors.ts';
import type { Clock, JobKind } from '../../ports.ts';
import type { ExportFiles } from './export-files.ts';
import type { Exports } from './run-export.ts';
import type { ExportRequest } from './schema.ts';

export interface SavedExportsOptions {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly exports: Exports;
  readonly files: ExportFiles;
  readonly timeoutMs: number;
  readonly fileBytesMax: number;
  /** Waiting, running and finished ones together. */
  readonly filesMax: number;
  readonly keepMs: number;
}

const ATTEMPTS_MAX = 5;
const PROGRESS_MS = 1_000;
const HOUR_MS = 3_600_000;
/** What trying again does not change. */
const FINAL_CODES: ReadonlySet<string> = new Set(['invalid_request', 'query_too_large', 'query_rejected']);

/** Exports that a background job writes to a file: begun again after a restart, found by their id. */
export class SavedExports {
  readonly #options: SavedExportsOptions;
  readonly writing: JobKind<{ readonly id: string }>;
  readonly removing: JobKind<Record<string, never>>;

  constructor(options: SavedExportsOptions) {
    this.#options = options;
    const times = { attemptsMax: ATTEMPTS_MAX, retryDelayMs: 5_000, keepMs: 24 * HOUR_MS };
    this.writing = {
      name: 'write-export',
      ...times,
      timeLimitMs: options.timeoutMs,
      run: ({ id }, signal) => this.#run(id, signal),
    };
    this.removing = {
      name: 'remove-old-exports',
      ...times,
      everyMs: HOUR_MS,
      timeLimitMs: 600_000,
      run: () => this.#removeOld(),
    };
  }

  /** Notes the export; the job has to be put into the queue by its id. Throws `too_many_requests`. */
  async create(request: ExportRequest, actor: string): Promise<SavedExportRow> {
    const { db, clock, filesMax, exports } = this.#options;
    const row: SavedExportRow = {
      id: randomUUID(),
      created_ms: clock(),
      finished_ms: null,
      actor,
      request: JSON.stringify(exports.fixed(request)),
      state: 'waiting',
      attempts: 0,
      rows_done: 0,
      rows_total: null,
      bytes: 0,
      file_name: null,
      content_type: null,
      error: null,
    };
    await db.transaction().execute(async (transaction) => {
      const { kept } = await transaction
        .selectFrom('saved_exports')
        .select(({ fn }) => fn.countAll<number>().as('kept'))
        .executeTakeFirstOrThrow();
      if (kept >= filesMax)
        throw new AppError(
          'too_many_requests',
          `${filesMax} exports are kept or waited for already. Delete one, wait until one is too old, or raise EXPORT_FILES_MAX.`,
        );
      await transaction.insertInto('saved_exports').values(row).execute();
    });
    return row;
  }

  /** Throws `not_found` for an id that is nobody's, and for that of somebody else unless `isAdmin`. */
  async find(id: string, actor: string, isAdmin: boolean): Promise<SavedExportRow> {
    const row = await this.#options.db
      .selectFrom('saved_exports')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row && (isAdmin || row.actor === actor)) return row;
    throw new AppError(
      'not_found',
      `There is no export ${id} of yours. It may be too old: start it again with POST /api/v1/ai_logs/export.`,
    );
  }

  /** The file of a finished export. Throws `not_found` while it is not finished, and where its file is not. */
  async read({ id, state }: SavedExportRow) {
    if (state !== 'done')
      throw new AppError(
        'not_found',
        `The export ${id} has no file: it is ${state}. Ask GET /api/v1/ai_logs/exports/${id} how far it is.`,
      );
    const file = await this.#options.files.read(id);
    if (file) return file;
    throw new AppError(
      'not_found',
      `The file of export ${id} is not on this machine. Ask the analyzer that wrote it, or let all share the folder "exports" of DATA_DIR.`,
    );
  }

  async remove({ id }: SavedExportRow): Promise<void> {
    await this.#options.db.deleteFrom('saved_exports').where('id', '=', id).execute();
    await this.#options.files.remove(id);
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    const { db } = this.#options;
    const row = await db
      .updateTable('saved_exports')
      .set((old) => ({ state: 'running', attempts: old('attempts', '+', 1), rows_done: 0, bytes: 0 }))
      .where('id', '=', id)
      .where('state', 'in', ['waiting', 'running'])
      .returningAll()
      .executeTakeFirst();
    if (!row) return;
    try {
      await this.#write(row, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const { code = '' } = error as Partial<AppError>;
      if (!FINAL_CODES.has(code) && row.attempts < ATTEMPTS_MAX) throw error;
      await this.#set(id, {
        state: 'failed',
        error: messageOf(error),
        finished_ms: this.#options.clock(),
      });
    }
  }

  async #write({ id, request }: SavedExportRow, signal: AbortSignal): Promise<void> {
    const { exports, files, fileBytesMax, clock } = this.#options;
    const asked = JSON.parse(request) as ExportRequest;
    let rows = 0;
    const prepared = await exports.prepare(asked, signal, (more) => (rows += more));
    const { contentType: content_type, fileName: file_name, chunks, rowsTotal } = prepared;
    await this.#set(id, { rows_total: rowsTotal, file_name, content_type });
    let toldMs = clock();
    const bytes = await files.write(id, chunks, fileBytesMax, async (soFar) => {
      if (clock() - toldMs < PROGRESS_MS) return;
      signal.throwIfAborted();
      toldMs = clock();
      // Deleted meanwhile: nobody waits for it any more.
      if (!(await this.#set(id, { rows_done: rows, bytes: soFar }))) throw gone();
    });
    const kept = await this.#set(id, {
      state: 'done',
      rows_done: rows,
      bytes,
      finished_ms: clock(),
      error: null,
    });
    if (!kept) await files.remove(id);
  }

  async #set(id: string, values: Partial<SavedExportRow>): Promise<boolean> {
    const { numUpdatedRows } = await this.#options.db
      .updateTable('saved_exports')
      .set(values)
      .where('id', '=', id)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** The rows; each analyzer removes the files of its own folder. */
  async #removeOld(): Promise<void> {
    const { db, clock, keepMs } = this.#options;
    await db
      .deleteFrom('saved_exports')
      .where('created_ms', '<', clock() - keepMs)
      .execute();
  }
}

function gone(): AppError {
  return new AppError('invalid_request', 'The export was deleted while it was written. Start it again.');
}

function messageOf(error: unknown): string {
  return error instanceof AppError
    ? error.message
    : 'The export could not be written. Look for it in the log of the service, and try again.';
}
