import { AppError } from '../../errors.ts';

interface Waiting {
  /** Places that it takes: all of them for work that must run alone. */
  readonly places: number;
  readonly start: () => void;
}

const RETRY_AFTER_S_MAX = 60;

/** Work in order of arrival: so many at a time, so many waiting, no more. */
export class WorkQueue {
  readonly #atOnceMax: number;
  readonly #waitingMax: number;
  readonly #waiting: Waiting[] = [];
  #placesTaken = 0;
  #running = 0;
  /** How long work took lately, in milliseconds. */
  #usualMs = 0;

  constructor(atOnceMax: number, waitingMax: number) {
    this.#atOnceMax = atOnceMax;
    this.#waitingMax = waitingMax;
  }

  get size(): number {
    return this.#running + this.#waiting.length;
  }

  /** Throws `too_many_requests` when the queue is full, and the reason of `signal` when it aborts while waiting. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length >= this.#waitingMax && !this.#isFree(1)) return Promise.reject(this.#refusal());
    return this.#inTurn(signal, 1, work);
  }

  /** When what came before has ended, and with nothing beside it. Never refused. */
  runAlone<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(null, this.#atOnceMax, work);
  }

  async #inTurn<T>(signal: AbortSignal | null, places: number, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal, places);
    const startedMs = performance.now();
    try {
      return await work();
    } finally {
      this.#usualMs = this.#usualMs * 0.8 + (performance.now() - startedMs) * 0.2;
      this.#placesTaken -= places;
      this.#running--;
      this.#startNext();
    }
  }

  #enter(signal: AbortSignal | null, places: number): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        this.#startNext();
        reject(signal?.reason as Error);
      };
      const entry: Waiting = {
        places,
        start: () => {
          signal?.removeEventListener('abort', leave);
          this.#placesTaken += places;
          this.#running++;
          resolve();
        },
      };
      this.#waiting.push(entry);
      signal?.addEventListener('abort', leave, { once: true });
      this.#startNext();
    });
  }

  #startNext(): void {
    for (let next = this.#waiting[0]; next && this.#hasRoom(next.places); next = this.#waiting[0]) {
      this.#waiting.shift();
      next.start();
    }
  }

  #isFree(places: number): boolean {
    return this.#waiting.length === 0 && this.#hasRoom(places);
  }

  #hasRoom(places: number): boolean {
    return this.#placesTaken + places <= this.#atOnceMax;
  }

  /** Half of those who wait now are done by then, if they take as long as others did lately. */
  #refusal(): AppError {
    const ms = (this.#usualMs * this.#waiting.length) / (2 * this.#atOnceMax);
    const seconds = Math.min(RETRY_AFTER_S_MAX, Math.max(1, Math.ceil(ms / 1_000)));
    return new AppError(
      'too_many_requests',
      `${this.#waiting.length} requests wait for this model already. Try again in ${seconds} s, or raise MODEL_QUEUE_MAX.`,
      { retryAfterS: seconds },
    );
  }
}
