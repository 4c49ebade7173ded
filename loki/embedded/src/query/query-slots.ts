import { Breather } from '../breather.ts';
import { LokiError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { Slots } from '../slots.ts';
import type { Store } from '../store/store.ts';
import type { QueryContext } from './query-context.ts';

/** Lets a few queries run at a time, the others wait; each ends at its time limit. */
export class QuerySlots {
  readonly #store: Store;
  readonly #limits: Limits;
  readonly #slots: Slots;

  constructor(store: Store, limits: Limits) {
    this.#store = store;
    this.#limits = limits;
    this.#slots = new Slots(limits.concurrentQueriesMax, limits.queuedQueriesMax);
  }

  async run<T>(
    tenants: readonly string[],
    client: AbortSignal,
    query: (context: QueryContext) => Promise<T>,
  ): Promise<T> {
    const { queryTimeoutMs } = this.#limits;
    const timeout = AbortSignal.timeout(queryTimeoutMs);
    const signal = AbortSignal.any([client, timeout]);
    try {
      return await this.#slots.run(() =>
        query({ store: this.#store, limits: this.#limits, tenants, signal, breather: new Breather(signal) }),
      );
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
    }
  }
}
