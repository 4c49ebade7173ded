import type { Slots } from '../slots.ts';
import type { QuerySlots } from '../query/query-slots.ts';
import type { Deletions } from '../query/deletions.ts';
import type { StatsRanges } from '../query/stats-ranges.ts';
import type { Limits } from '../limits.ts';
import type { Store } from '../store/store.ts';
import type { Answer } from './answer.ts';
import type { BodyReader } from './body-reader.ts';
import type { Metrics } from './metrics.ts';
import type { LokiRequest } from './request.ts';

/** What the endpoints work with. */
export type Api = {
  readonly store: Store;
  readonly limits: Limits;
  readonly slots: QuerySlots;
  /** A push waits undecoded until one of a few is stored, which bounds memory. */
  readonly pushSlots: Slots;
  readonly statsRanges: StatsRanges;
  readonly deletions: Deletions;
  readonly metrics: Metrics;
  readonly bodies: BodyReader;
  readonly now: () => number;
};

export type Endpoint = (api: Api, request: LokiRequest) => Promise<Answer> | Answer;
