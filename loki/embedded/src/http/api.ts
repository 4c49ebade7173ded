import type { QuerySlots } from '../query/query-slots.ts';
import type { Limits } from '../limits.ts';
import type { Store } from '../store/store.ts';
import type { Answer } from './answer.ts';
import type { LokiRequest } from './request.ts';

/** What the endpoints work with. */
export type Api = {
  readonly store: Store;
  readonly limits: Limits;
  readonly slots: QuerySlots;
  readonly now: () => number;
};

export type Endpoint = (api: Api, request: LokiRequest) => Promise<Answer> | Answer;
