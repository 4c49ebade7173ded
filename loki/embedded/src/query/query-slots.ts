import { LokiError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Store } from '../store/store.ts';
import type { QueryContext } from './query-context.ts';

/** Lets a few queries run at a time, the others wait; each ends at its time limit. */
export class QuerySlots {
  readonly #store: Store;
  readonly #limits: Limits;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(store: Store, limits: Limits) {
    this.#store = store;
    this.#limits = limits;
  }

  async run<T>(
    tenants: readonly string[],
    client: AbortSignal,
    query: (context: QueryContext) => Promise<T>,
  ): Promise<T> {
    const { queryTimeoutMs } = this.#limits;
    const timeout = AbortSignal.timeout(queryTimeoutMs);
    const signal = AbortSignal.any([client, timeout]);
    await this.#enter();
    try {
      return await query({ store: this.#store, limits: this.#limits, tenants, signal });
    } catch (error) {
      if (timeout.aborted)
        throw new LokiError(
          504,
          `request timed out after ${queryTimeoutMs} ms, decrease the duration of the request or add more label matchers (prefer exact match over regex match) to reduce the amount of data processed`,
          { cause: error },
        );
      if (client.aborted)
        throw new LokiError(499, 'the request was cancelled by the client', { cause: error });
      throw error;
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#limits.concurrentQueriesMax) {
      this.#running += 1;
      return;
    }
    if (this.#queue.length >= this.#limits.queuedQueriesMax)
      throw new LokiError(429, 'too many outstanding requests: try again later');
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
