import { AppError } from '../../errors.ts';
import type { ModelBackend } from './model-backend.ts';
import type { ModelEntry } from './model-entry.ts';
import { WorkQueue } from './work-queue.ts';

/** After so many failures in a row a model is left alone for a while. */
const FAILURES_MAX = 3;
const REST_MS = 30_000;
/** Of what a server asks for with Retry-After. */
const REST_MS_MAX = 300_000;

/** One model of the file: loaded when somebody needs it, asked in turn, left alone while it keeps failing. */
export class ManagedModel {
  readonly entry: ModelEntry;
  readonly #open: () => Promise<ModelBackend>;
  readonly #queue: WorkQueue;
  #backend: Promise<ModelBackend> | null = null;
  #loaded: ModelBackend | null = null;
  #failures = 0;
  #restUntilMs = 0;
  lastUsedMs = 0;
  /** How long its last answer took; null before the first. */
  lastAnswerMs: number | null = null;

  constructor(entry: ModelEntry, open: () => Promise<ModelBackend>, waitingMax: number) {
    this.entry = entry;
    this.#open = open;
    this.#queue = new WorkQueue('parallel' in entry ? entry.parallel : 1, waitingMax);
  }

  get state(): 'unloaded' | 'loading' | 'loaded' {
    if (!this.#backend) return 'unloaded';
    return this.#loaded ? 'loaded' : 'loading';
  }

  /** Requests that run or wait. */
  get queued(): number {
    return this.#queue.size;
  }

  /** How long it is still left alone; 0 when it may be asked. */
  get restMs(): number {
    return Math.max(0, this.#restUntilMs - Date.now());
  }

  /** Throws what the model throws, and AppError where the manager or the caller says no. */
  use<T>(signal: AbortSignal, work: (backend: ModelBackend) => Promise<T>): Promise<T> {
    const seconds = Math.ceil(this.restMs / 1_000);
    if (seconds > 0) {
      return Promise.reject(
        new AppError('model_unavailable', `it failed lately and is left alone for ${seconds} s`, {
          retryAfterS: seconds,
        }),
      );
    }
    return this.#queue.run(signal, async () => {
      this.lastUsedMs = Date.now();
      try {
        const backend = await this.load();
        const startedMs = performance.now();
        const answer = await work(backend);
        this.lastAnswerMs = Math.round(performance.now() - startedMs);
        this.#failures = 0;
        return answer;
      } catch (error) {
        if (!signal.aborted) this.#noteFailure(error);
        throw error;
      }
    });
  }

  /** Callers at one time share one loading. */
  load(): Promise<ModelBackend> {
    if (this.#loaded?.isGone) this.#backend = this.#loaded = null;
    this.#backend ??= this.#open().then(
      (backend) => {
        this.#loaded = backend;
        return backend;
      },
      (error: unknown) => {
        this.#backend = null;
        throw error;
      },
    );
    return this.#backend;
  }

  /** In its turn and alone, so that requests that came before are answered first; those that come after load it again. */
  unload(): Promise<void> {
    return this.#queue.runAlone(async () => {
      // One that cannot be loaded needs no unloading.
      const backend = await this.#backend?.catch(() => null);
      this.#backend = this.#loaded = null;
      await backend?.close();
    });
  }

  #noteFailure(error: unknown): void {
    if (error instanceof AppError) {
      // Its server said when to come back.
      const restMs = Math.min((error.retryAfterS ?? 0) * 1_000, REST_MS_MAX);
      this.#restUntilMs = Math.max(this.#restUntilMs, Date.now() + restMs);
      return;
    }
    this.#failures++;
    if (this.#failures >= FAILURES_MAX) this.#restUntilMs = Date.now() + REST_MS;
  }
}
