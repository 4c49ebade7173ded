import { LokiError } from './errors.ts';

/** Lets a few tasks run at a time; the others wait in a queue of bounded length. */
export class Slots {
  readonly #runningMax: number;
  readonly #queuedMax: number;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(runningMax: number, queuedMax: number) {
    this.#runningMax = runningMax;
    this.#queuedMax = queuedMax;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await task();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#runningMax) {
      this.#running += 1;
      return;
    }
    if (this.#queue.length >= this.#queuedMax)
      throw new LokiError(429, 'too many outstanding requests: try again later');
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }
}
