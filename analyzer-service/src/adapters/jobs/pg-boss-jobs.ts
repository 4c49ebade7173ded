import { PgBoss } from 'pg-boss';
import type { JobKind, JobStatus, Jobs } from '../../ports.ts';
import { repeat } from './repeat.ts';
import { runAttempt } from './run-attempt.ts';

const SCHEMA = 'pgboss';
const CONNECTIONS_MAX = 4;
const POLL_S = 2;
/** A process that died is noticed after this long; pg-boss takes no less. */
const HEARTBEAT_S = 10;
const MONITOR_S = 5;
const DELAY_S_MAX = 3_600;
const STOP_TIMEOUT_MS = 5_000;

const STATES: Readonly<Record<string, JobStatus['state']>> = {
  created: 'waiting',
  retry: 'waiting',
  active: 'running',
  completed: 'done',
  cancelled: 'failed',
  failed: 'failed',
};

export interface PgBossJobsOptions {
  readonly url: string;
  readonly onError: (error: Error) => void;
}

/** Jobs on Postgres by pg-boss: workers are woken by NOTIFY, and poll beside it. */
export class PgBossJobs implements Jobs {
  readonly #boss: PgBoss;
  readonly #closing = new AbortController();
  #stopRepeating: () => void = () => undefined;

  private constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** Makes or updates pg-boss's own schema, under its own lock. */
  static async open(
    kinds: readonly JobKind<never>[],
    { url, onError }: PgBossJobsOptions,
  ): Promise<PgBossJobs> {
    const boss = new PgBoss({
      connectionString: url,
      schema: SCHEMA,
      application_name: 'sonde jobs',
      max: CONNECTIONS_MAX,
      useListenNotify: true,
      schedule: false,
      superviseIntervalSeconds: MONITOR_S,
      monitorIntervalSeconds: MONITOR_S,
    });
    boss.on('error', onError);
    const jobs = new PgBossJobs(boss);
    try {
      await boss.start();
      for (const kind of kinds) await jobs.#serve(kind);
    } catch (error) {
      await jobs.close();
      throw error;
    }
    jobs.#stopRepeating = repeat(
      kinds,
      ({ name }, everyMs) => boss.send(name, {}, { singletonSeconds: seconds(everyMs) }),
      onError,
    );
    return jobs;
  }

  async enqueue<T extends object>({ name }: JobKind<T>, data: T): Promise<string> {
    const id = await this.#boss.send(name, data);
    if (id === null) throw new Error(`pg-boss took no job of ${name}.`);
    return id;
  }

  async find({ name }: JobKind<never>, id: string): Promise<JobStatus | null> {
    const [job] = await this.#boss.findJobs(name, { id });
    if (!job) return null;
    const { message = null } = (job.output ?? {}) as { message?: string };
    return { state: STATES[job.state] ?? 'failed', error: job.state === 'completed' ? null : message };
  }

  async check() {
    const { rows } = (await this.#boss
      .getDb()
      .executeSql(`select state, count(*)::int as jobs from ${SCHEMA}.job group by state`)) as {
      rows: readonly { readonly state: string; readonly jobs: number }[];
    };
    const of = (wanted: JobStatus['state']) =>
      rows.reduce((sum, { state, jobs }) => sum + (STATES[state] === wanted ? jobs : 0), 0);
    return { version: 'pg-boss', waiting: of('waiting'), running: of('running'), failed: of('failed') };
  }

  /** Interrupts what runs; another analyzer, or this one at its next start, takes it up. */
  async close(): Promise<void> {
    this.#stopRepeating();
    this.#closing.abort(new Error('The analyzer stopped.'));
    await this.#boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS });
  }

  async #serve(kind: JobKind<never>): Promise<void> {
    const options = {
      notify: true,
      retryLimit: kind.attemptsMax - 1,
      retryDelay: seconds(kind.retryDelayMs),
      retryBackoff: true,
      retryDelayMax: DELAY_S_MAX,
      // The attempt ends itself at its limit; pg-boss's own comes a little later, for one that does not.
      expireInSeconds: seconds(kind.timeLimitMs) + HEARTBEAT_S,
      heartbeatSeconds: HEARTBEAT_S,
      deleteAfterSeconds: seconds(kind.keepMs),
    };
    await this.#boss.createQueue(kind.name, options);
    await this.#boss.updateQueue(kind.name, options);
    let worker: string | null = null;
    worker = await this.#boss.work(
      kind.name,
      { pollingIntervalSeconds: POLL_S, notifyPollingIntervalSeconds: POLL_S },
      async ([job]) => {
        if (!job) return;
        // After a job it looks for the next at once, instead of at the next poll.
        if (worker) this.#boss.notifyWorker(worker);
        const failure = await runAttempt(kind, job.data as never, [job.signal, this.#closing.signal]);
        if (failure) throw failure;
      },
    );
  }
}

function seconds(ms: number): number {
  return Math.max(1, Math.round(ms / 1_000));
}
