import { AppError } from '../../errors.ts';

interface Waiting {
  readonly start: () => void;
}

/** Work in order of arrival: so many at a time, so many waiting, no more. */
export class WorkQueue {
  readonly #atOnceMax: number;
  readonly #waitingMax: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(atOnceMax: number, waitingMax: number) {
    this.#atOnceMax = atOnceMax;
    this.#waitingMax = waitingMax;
  }

  get size(): number {
    return this.#running + this.#waiting.length;
  }

  /** Throws `too_many_requests` when the queue is full, and the reason of `signal` when it aborts while waiting. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#running--;
      this.#waiting.shift()?.start();
    }
  }

  #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#running < this.#atOnceMax) {
      this.#running++;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#waitingMax) {
      throw new AppError(
        'too_many_requests',
        `${this.#waiting.length} requests wait for this model already. Try again in a few seconds, or raise MODEL_QUEUE_MAX.`,
      );
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal.reason as Error);
      };
      const entry: Waiting = {
        start: () => {
          signal.removeEventListener('abort', leave);
          this.#running++;
          resolve();
        },
      };
      this.#waiting.push(entry);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
