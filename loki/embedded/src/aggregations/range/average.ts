import type { RangeAggregator } from './range-aggregator.ts';

export const averageOverTime: RangeAggregator<{ sum: number; count: number }> = {
  create: () => ({ sum: 0, count: 0 }),
  add: (state, value) => {
    state.sum += value;
    state.count += 1;
  },
  merge: (into, from) => {
    into.sum += from.sum;
    into.count += from.count;
  },
  result: (state) => state.sum / state.count,
};
