import { AppError } from '../../errors.ts';
import type { ModelBackend } from './model-backend.ts';
import type { ModelEntry } from './models-file.ts';
import { WorkQueue } from './work-queue.ts';

/** After so many failures in a row a model is left alone for a while. */
const FAILURES_MAX = 3;
const REST_MS = 30_000;

/** One model of the file: loaded when somebody needs it, asked in turn, left alone while it keeps failing. */
export class ManagedModel {
  readonly entry: ModelEntry;
  readonly #open: () => Promise<ModelBackend>;
  readonly #queue: WorkQueue;
  #backend: Promise<ModelBackend> | null = null;
  #loaded = false;
  #failures = 0;
  #restUntilMs = 0;
  lastUsedMs = 0;

  constructor(entry: ModelEntry, open: () => Promise<ModelBackend>, waitingMax: number) {
    this.entry = entry;
    this.#open = open;
    this.#queue = new WorkQueue(entry.kind === 'openai' ? entry.parallel : 1, waitingMax);
  }

  get state(): 'unloaded' | 'loading' | 'loaded' {
    if (!this.#backend) return 'unloaded';
    return this.#loaded ? 'loaded' : 'loading';
  }

  /** Requests that run or wait. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Throws what the model throws, and AppError where the manager or the caller says no. */
  use<T>(signal: AbortSignal, work: (backend: ModelBackend) => Promise<T>): Promise<T> {
    if (Date.now() < this.#restUntilMs) {
      return Promise.reject(
        new Error(`it failed ${this.#failures} times in a row and is left alone for a while`),
      );
    }
    return this.#queue.run(signal, async () => {
      this.lastUsedMs = Date.now();
      try {
        const answer = await work(await this.load());
        this.#failures = 0;
        return answer;
      } catch (error) {
        if (!signal.aborted && !(error instanceof AppError)) this.#noteFailure();
        throw error;
      }
    });
  }

  /** Callers at one time share one loading. */
  load(): Promise<ModelBackend> {
    this.#backend ??= this.#open().then(
      (backend) => {
        this.#loaded = true;
        return backend;
      },
      (error: unknown) => {
        this.#backend = null;
        throw error;
      },
    );
    return this.#backend;
  }

  /** In its turn, so that requests that came before are answered first; those that come after load it again. */
  unload(): Promise<void> {
    return this.#queue.run(AbortSignal.any([]), async () => {
      const backend = this.#backend;
      this.#backend = null;
      this.#loaded = false;
      if (backend) await (await backend).close();
    });
  }

  #noteFailure(): void {
    this.#failures++;
    if (this.#failures >= FAILURES_MAX) this.#restUntilMs = Date.now() + REST_MS;
  }
}
