import type { RangeAggregator } from './range-aggregator.ts';

type Sample = { value: number; timestampNs: number };

const pick = (
  start: number,
  isBetter: (timestampNs: number, best: number) => boolean,
): RangeAggregator<Sample> => {
  const offer = (state: Sample, value: number, timestampNs: number): void => {
    if (!isBetter(timestampNs, state.timestampNs)) return;
    state.value = value;
    state.timestampNs = timestampNs;
  };
  return {
    create: () => ({ value: NaN, timestampNs: start }),
    add: offer,
    merge: (into, from) => offer(into, from.value, from.timestampNs),
    result: (state) => state.value,
  };
};

export const firstOverTime = pick(Infinity, (timestampNs, best) => timestampNs < best);
export const lastOverTime = pick(-Infinity, (timestampNs, best) => timestampNs >= best);
