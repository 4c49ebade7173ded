import type { Breather } from '../breather.ts';
import type { Limits } from '../limits.ts';
import type { Store } from '../store/store.ts';

/** What every query needs besides its own text. */
export type QueryContext = {
  readonly store: Store;
  readonly limits: Limits;
  readonly tenants: readonly string[];
  /** Fires when the client has gone away, when the time is up or when the store closes. */
  readonly signal: AbortSignal;
  readonly breather: Breather;
};
