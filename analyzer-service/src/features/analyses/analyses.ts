import { randomUUID } from 'node:crypto';
import { AppError } from '../../errors.ts';
import type { Clock, JobKind, Jobs } from '../../ports.ts';
import { type AnalysisStore, type HeadRow, type NewAnalysis, writeHead } from './analysis-store.ts';
import { runAnalysis, type RunOptions } from './run-analysis.ts';
import type { AnalysisAnswer, AnalysisHead, AnalysisResult, Asked } from './schema.ts';
import type { TextFile } from './text-input.ts';

export interface AnalysesOptions extends RunOptions {
  readonly store: AnalysisStore;
  readonly clock: Clock;
  /** At once in this process, those of jobs not counted. */
  readonly runningMax: number;
  /** Jobs that wait, of all analyzers. */
  readonly waitingMax: number;
  readonly timeoutMs: number;
}

/** Who asks for what. */
export interface Submission {
  readonly files: readonly TextFile[];
  readonly asked: Asked;
  readonly actor: string;
}

interface Running {
  progress: number;
  readonly stop: AbortController;
  readonly listeners: Set<() => void>;
}

const TITLE_CHARACTERS_MAX = 200;
/** How often the state of a job is looked up that may run in another process. */
const LOOK_MS = 1_000;

/** Analyses of given texts: those at work in this process, and the history of all. */
export class Analyses {
  readonly store: AnalysisStore;
  readonly #options: AnalysesOptions;
  readonly #running = new Map<string, Running>();
  #atOnce = 0;

  constructor(options: AnalysesOptions) {
    this.#options = options;
    this.store = options.store;
  }

  /** Answers when it is done. Throws `invalid_request`, `body_too_large`, `too_many_requests`, `cancelled`. */
  async now(
    submission: Submission,
    signal: AbortSignal,
    onProgress: (id: string, share: number) => void = () => {},
  ): Promise<AnalysisAnswer> {
    const { runningMax } = this.#options;
    if (this.#atOnce >= runningMax)
      throw new AppError(
        'too_many_requests',
        `${runningMax} analyses are running already. Try again in some seconds, or ask with background=true.`,
      );
    this.#atOnce++;
    const row = this.#rowOf(submission);
    try {
      const result = await this.#run(row.id, submission, signal, (share) => onProgress(row.id, share));
      return await this.#keep(row, result);
    } finally {
      this.#atOnce--;
    }
  }

  /** Keeps the texts and has a job analyse them. Throws `too_many_requests` and `database_unreachable`. */
  async inBackground(submission: Submission, jobs: Jobs): Promise<AnalysisHead> {
    const { waitingMax } = this.#options;
    if ((await this.store.waiting()) >= waitingMax)
      throw new AppError(
        'too_many_requests',
        `${waitingMax} analyses wait already. Try again when some are done.`,
      );
    const row = this.#rowOf(submission);
    await this.store.addWaiting(row, submission);
    await jobs.enqueue(this.job, { id: row.id });
    return this.head(row.id);
  }

  readonly job: JobKind<{ id: string }> = {
    name: 'analyse-texts',
    attemptsMax: 2,
    retryDelayMs: 5_000,
    timeLimitMs: 3_600_000,
    keepMs: 3_600_000,
    run: async ({ id }, signal) => {
      const input = await this.store.begin(id);
      if (!input) return;
      try {
        const result = await this.#run(id, { ...input, actor: '' }, signal, () => {});
        await this.store.finish(id, { result });
      } catch (error) {
        // The service stops: another one, or the next start, goes on.
        if (signal.aborted) throw error;
        // What is wrong with the texts is wrong again the next time.
        await this.store.finish(id, { error: toldAs(error) });
      } finally {
        this.#wake(id);
      }
    },
  };

  async head(id: string): Promise<AnalysisHead> {
    return this.#write(await this.store.head(id));
  }

  async one(id: string): Promise<AnalysisAnswer> {
    const { head, result } = await this.store.read(id);
    return { ...this.#write(head), kept: true, result };
  }

  async list(limit: number, before: string | undefined): Promise<readonly AnalysisHead[]> {
    return (await this.store.list(limit, before)).map((row) => this.#write(row));
  }

  /** Also stops it, when it runs here. Throws `not_found`. */
  async remove(id: string): Promise<void> {
    await this.store.remove(id);
    this.#running.get(id)?.stop.abort();
  }

  /** The state of an analysis each time that it changes, until it is over. Throws `not_found`. */
  async *follow(id: string, signal: AbortSignal): AsyncGenerator<AnalysisHead, void> {
    let told = '';
    while (!signal.aborted) {
      const head = await this.head(id);
      const state = JSON.stringify([head.state, head.progress]);
      if (state !== told) yield head;
      told = state;
      if (head.state === 'done' || head.state === 'failed') return;
      await this.#change(id, signal);
    }
  }

  async #run(
    id: string,
    { files, asked }: Submission,
    caller: AbortSignal,
    onProgress: (share: number) => void,
  ): Promise<AnalysisResult> {
    const running: Running = {
      progress: 0,
      stop: new AbortController(),
      listeners: this.#running.get(id)?.listeners ?? new Set(),
    };
    this.#running.set(id, running);
    const limit = AbortSignal.timeout(this.#options.timeoutMs);
    try {
      return await runAnalysis(this.#options, files, asked, {
        signal: AbortSignal.any([caller, running.stop.signal, limit]),
        onProgress: (share) => {
          // Told in whole percents: nobody sees more.
          if (Math.floor(share * 100) === Math.floor(running.progress * 100)) return;
          running.progress = share;
          onProgress(share);
          for (const listener of running.listeners) listener();
        },
      });
    } catch (error) {
      if (limit.aborted && !caller.aborted)
        throw new AppError(
          'cancelled',
          `The analysis took longer than ${this.#options.timeoutMs} ms. Send less, or raise ANALYSIS_TIMEOUT_MS.`,
          { cause: error },
        );
      throw error;
    } finally {
      if (running.listeners.size === 0) this.#running.delete(id);
    }
  }

  /** An analysis is worth its answer also while the database is away. */
  async #keep(row: NewAnalysis, result: AnalysisResult): Promise<AnalysisAnswer> {
    const nowMs = this.#options.clock();
    const done = { ...row, finished_ms: nowMs, state: 'done', key_id: null, error: null } as const;
    try {
      await this.store.addDone(row, result);
    } catch {
      const warning = 'The database is away: this analysis is not in the history. Keep the answer yourself.';
      return {
        ...this.#write(done),
        kept: false,
        result: { ...result, warnings: [...result.warnings, warning] },
      };
    }
    return { ...this.#write(await this.store.head(row.id)), kept: true, result };
  }

  #rowOf({ files, actor }: Submission): NewAnalysis {
    const names = files.map(({ name }) => name).join(', ');
    return {
      id: randomUUID(),
      created_ms: this.#options.clock(),
      actor,
      title: names.length > TITLE_CHARACTERS_MAX ? `${names.slice(0, TITLE_CHARACTERS_MAX - 1)}…` : names,
      bytes: files.reduce((sum, { content }) => sum + content.length, 0),
    };
  }

  #write(row: HeadRow): AnalysisHead {
    return writeHead(row, this.#running.get(row.id)?.progress ?? 0);
  }

  /** Resolves when this process makes progress, or after a while, since another one may. */
  async #change(id: string, signal: AbortSignal): Promise<void> {
    const running = this.#running.get(id) ?? {
      progress: 0,
      stop: new AbortController(),
      listeners: new Set(),
    };
    this.#running.set(id, running);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LOOK_MS);
    running.listeners.add(resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
    running.listeners.delete(resolve);
    if (running.listeners.size === 0 && running.progress === 0) this.#running.delete(id);
  }

  #wake(id: string): void {
    const running = this.#running.get(id);
    this.#running.delete(id);
    for (const listener of running?.listeners ?? []) listener();
  }
}

function toldAs(error: unknown): string {
  return error instanceof AppError
    ? error.message
    : 'Something went wrong in the service. Its log says more.';
}
