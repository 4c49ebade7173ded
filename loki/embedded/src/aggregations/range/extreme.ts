import type { RangeAggregator } from './range-aggregator.ts';

type Extreme = { value: number };

const extreme = (isBetter: (value: number, best: number) => boolean): RangeAggregator<Extreme> => {
  const offer = (state: Extreme, value: number): void => {
    if (Number.isNaN(state.value) || isBetter(value, state.value)) state.value = value;
  };
  return {
    create: () => ({ value: NaN }),
    add: offer,
    merge: (into, from) => offer(into, from.value),
    result: (state) => state.value,
  };
};

export const minOverTime = extreme((value, best) => value < best);
export const maxOverTime = extreme((value, best) => value > best);
