import type { RangeAggregator } from './range-aggregator.ts';

type Sum = { value: number };

const summing = (result: (sum: number, rangeNs: number) => number): RangeAggregator<Sum> => ({
  create: () => ({ value: 0 }),
  add: (state, value) => {
    state.value += value;
  },
  merge: (into, from) => {
    into.value += from.value;
  },
  result: (state, rangeNs) => result(state.value, rangeNs),
});

export const sumOverTime = summing((sum) => sum);

/** `rate` of unwrapped values and of counted lines: the sum for each second of the window. */
export const rate = summing((sum, rangeNs) => sum / (rangeNs / 1e9));
