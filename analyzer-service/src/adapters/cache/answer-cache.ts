import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cache, CacheStats, Computed } from '../../ports.ts';
import type { CacheStore } from './cache-store.ts';
import { SharedRun } from './shared-run.ts';

/** Longest time that another process's computation is waited for; after that, or when it died, this one computes. */
const CLAIM_MS = 20_000;
const LOOK_AGAIN_MS = { min: 20, max: 250 };

interface Answer {
  readonly value: unknown;
  readonly cached: boolean;
}

/** The cache over either store: keys, and one computation for equal questions. */
export class AnswerCache implements Cache {
  readonly #store: CacheStore;
  readonly #scope: string;
  readonly #runs = new Map<string, SharedRun<Answer>>();
  readonly #shares = new Map<string, SharedRun<unknown>>();
  #hits = 0;
  #misses = 0;
  #shared = 0;

  /** `scope` is what all questions have in common and answers depend on: which Loki, which settings, which version. */
  constructor(store: CacheStore, scope: unknown) {
    this.#store = store;
    this.#scope = JSON.stringify(scope);
  }

  async remember<T>(
    question: unknown,
    signal: AbortSignal,
    compute: (signal: AbortSignal) => Promise<Computed<T>>,
  ): Promise<{ readonly value: T; readonly cached: boolean }> {
    const key = this.#keyOf(question);
    if (this.#runs.has(key)) this.#shared++;
    const run = oneRun(this.#runs, key, (runSignal) => this.#answer(key, runSignal, compute));
    return (await run.wait(signal)) as { readonly value: T; readonly cached: boolean };
  }

  async share<T>(
    question: unknown,
    signal: AbortSignal,
    compute: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return (await oneRun(this.#shares, JSON.stringify(question), compute).wait(signal)) as T;
  }

  clear(): Promise<number> {
    return this.#store.clear();
  }

  async stats(): Promise<CacheStats> {
    const counts = { hits: this.#hits, misses: this.#misses, shared: this.#shared };
    return { kind: this.#store.kind, entries: await this.#store.count(), ...counts };
  }

  check(): Promise<{ readonly version: string }> {
    return this.#store.check();
  }

  async #answer(
    key: string,
    signal: AbortSignal,
    compute: (signal: AbortSignal) => Promise<Computed<unknown>>,
  ): Promise<Answer> {
    const kept = (await this.#kept(key)) ?? (await this.#keptByOther(key, signal));
    if (kept) {
      this.#hits++;
      return { value: kept.value, cached: true };
    }
    try {
      this.#misses++;
      const { value, keepMs } = await compute(signal);
      if (keepMs > 0) await this.#store.set(key, JSON.stringify(value), Math.ceil(keepMs));
      return { value, cached: false };
    } finally {
      await this.#store.release(key);
    }
  }

  async #kept(key: string): Promise<{ readonly value: unknown } | null> {
    const text = await this.#store.get(key);
    try {
      return text === null ? null : { value: JSON.parse(text) };
    } catch {
      return null;
    }
  }

  /** Waits while another process computes the answer. Null means: this process has the claim now, compute. */
  async #keptByOther(key: string, signal: AbortSignal): Promise<{ readonly value: unknown } | null> {
    const giveUpMs = performance.now() + CLAIM_MS;
    let pauseMs = LOOK_AGAIN_MS.min;
    while (performance.now() < giveUpMs) {
      const claimed = await this.#store.claim(key, CLAIM_MS);
      const kept = await this.#kept(key);
      if (kept && claimed) await this.#store.release(key);
      if (kept || claimed) return kept;
      await pause(pauseMs, undefined, { signal });
      pauseMs = Math.min(pauseMs * 1.5, LOOK_AGAIN_MS.max);
    }
    return null;
  }

  /** A hash: what users search for must not be readable in a shared Redis. */
  #keyOf(question: unknown): string {
    return createHash('sha256')
      .update(`${this.#scope}\n${JSON.stringify(question)}`)
      .digest('base64url');
  }
}

/** The run under `key` that is going on, or a new one. */
function oneRun<T>(
  runs: Map<string, SharedRun<T>>,
  key: string,
  compute: (signal: AbortSignal) => Promise<T>,
): SharedRun<T> {
  const going = runs.get(key);
  if (going) return going;
  const started: SharedRun<T> = new SharedRun(compute, () => runs.get(key) === started && runs.delete(key));
  runs.set(key, started);
  return started;
}
