import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../../database.ts';
import type { Clock, JobKind, JobStatus, Jobs } from '../../ports.ts';
import { repeat } from './repeat.ts';
import { runAttempt } from './run-attempt.ts';

type JobRow = Selectable<Database['jobs']>;

const POLL_MS = 500;
/** A process that died is noticed after this long; one that lives renews its lease three times as often. */
const LEASE_MS = 15_000;
const AT_ONCE_MAX = 2;
const DELAY_MS_MAX = 3_600_000;
const SWEEP_MS = 60_000;

export interface SqliteJobsOptions {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly onError: (error: Error) => void;
}

/** Jobs in a table. A job belongs to whoever holds its lease, and its number of attempts tells one holder from the next. */
export class SqliteJobs implements Jobs {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  readonly #onError: (error: Error) => void;
  readonly #kinds: ReadonlyMap<string, JobKind<never>>;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #stopRepeating: () => void;
  #looking = false;

  constructor(kinds: readonly JobKind<never>[], { db, clock, onError }: SqliteJobsOptions) {
    this.#db = db;
    this.#clock = clock;
    this.#onError = onError;
    this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]));
    this.#timers = [
      setInterval(() => void this.#look(), POLL_MS).unref(),
      setInterval(() => void this.#sweep(), SWEEP_MS).unref(),
    ];
    void this.#sweep();
    this.#stopRepeating = repeat(
      kinds,
      (kind, everyMs) => this.#insert(kind, {}, `${kind.name} ${Math.floor(clock() / everyMs)}`),
      onError,
    );
  }

  async enqueue<T extends object>(kind: JobKind<T>, data: T): Promise<string> {
    return this.#insert(kind, data, null);
  }

  async find(kind: JobKind<never>, id: string): Promise<JobStatus | null> {
    const row = await this.#db
      .selectFrom('jobs')
      .select(['state', 'error'])
      .where('id', '=', id)
      .where('kind', '=', kind.name)
      .executeTakeFirst();
    return row ?? null;
  }

  async check() {
    const rows = await this.#db
      .selectFrom('jobs')
      .select(({ fn }) => ['state', fn.countAll<number>().as('jobs')])
      .groupBy('state')
      .execute();
    const of = (state: JobStatus['state']) => rows.find((row) => row.state === state)?.jobs ?? 0;
    return { version: 'SQLite', waiting: of('waiting'), running: of('running'), failed: of('failed') };
  }

  /** Interrupts what runs; it goes on at the next start. */
  async close(): Promise<void> {
    this.#stopRepeating();
    for (const timer of this.#timers) clearInterval(timer);
    this.#closing.abort(new Error('The analyzer stopped.'));
    await Promise.all(this.#running);
  }

  async #insert(kind: Pick<JobKind<never>, 'name'>, data: object, slot: string | null): Promise<string> {
    const id = randomUUID();
    await this.#db
      .insertInto('jobs')
      .values({
        id,
        kind: kind.name,
        data: JSON.stringify(data),
        state: 'waiting',
        attempts: 0,
        due_ms: this.#clock(),
        lease_until_ms: null,
        slot,
        error: null,
        finished_ms: null,
      })
      .onConflict((conflict) => conflict.column('slot').doNothing())
      .execute();
    void this.#look();
    return id;
  }

  /** Takes due jobs until there is none or enough run. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#running.size < AT_ONCE_MAX && !this.#closing.signal.aborted) {
        const row = await this.#claim();
        if (!row) break;
        const run = this.#work(row)
          .catch(this.#onError)
          .finally(() => {
            this.#running.delete(run);
            void this.#look();
          });
        this.#running.add(run);
      }
    } catch (error) {
      this.#onError(error as Error);
    } finally {
      this.#looking = false;
    }
  }

  async #claim(): Promise<JobRow | undefined> {
    const nowMs = this.#clock();
    return this.#db
      .updateTable('jobs')
      .set((row) => ({
        state: 'running',
        attempts: row('attempts', '+', 1),
        lease_until_ms: nowMs + LEASE_MS,
      }))
      .where('id', '=', (query) =>
        query
          .selectFrom('jobs')
          .select('id')
          .where('kind', 'in', [...this.#kinds.keys()])
          .where((row) =>
            row.or([
              row.and([row('state', '=', 'waiting'), row('due_ms', '<=', nowMs)]),
              row.and([row('state', '=', 'running'), row('lease_until_ms', '<', nowMs)]),
            ]),
          )
          .orderBy('due_ms')
          .limit(1),
      )
      .returningAll()
      .executeTakeFirst();
  }

  async #work(row: JobRow): Promise<void> {
    const kind = this.#kinds.get(row.kind);
    if (!kind) return;
    const lost = new AbortController();
    const renewal = setInterval(() => {
      this.#update(row, { lease_until_ms: this.#clock() + LEASE_MS })
        .then((held) => held || lost.abort(new Error('Another analyzer took the job over.')))
        .catch(this.#onError);
    }, LEASE_MS / 3);
    const failure =
      row.attempts > kind.attemptsMax
        ? new Error('The analyzer ended each time that it ran.')
        : await runAttempt(kind, JSON.parse(row.data) as never, [this.#closing.signal, lost.signal]);
    clearInterval(renewal);
    await this.#update(row, this.#outcome(row, kind, failure));
  }

  #outcome(row: JobRow, kind: JobKind<never>, failure: Error | null): Partial<JobRow> {
    const nowMs = this.#clock();
    if (!failure) return { state: 'done', finished_ms: nowMs, lease_until_ms: null };
    const error = failure.message.slice(0, 1_000);
    if (row.attempts >= kind.attemptsMax) {
      return { state: 'failed', error, finished_ms: nowMs, lease_until_ms: null };
    }
    const delayMs = Math.min(kind.retryDelayMs * 2 ** (row.attempts - 1), DELAY_MS_MAX);
    return { state: 'waiting', error, due_ms: nowMs + delayMs, lease_until_ms: null };
  }

  /** False when the job is no longer this holder's. */
  async #update(row: JobRow, values: Partial<JobRow>): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('jobs')
      .set(values)
      .where('id', '=', row.id)
      .where('state', '=', 'running')
      .where('attempts', '=', row.attempts)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async #sweep(): Promise<void> {
    try {
      for (const { name, keepMs } of this.#kinds.values()) {
        const beforeMs = this.#clock() - keepMs;
        const over = this.#db.deleteFrom('jobs').where('kind', '=', name).where('finished_ms', '<', beforeMs);
        await over.execute();
      }
    } catch (error) {
      this.#onError(error as Error);
    }
  }
}
