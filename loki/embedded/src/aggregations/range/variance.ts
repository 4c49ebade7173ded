import type { RangeAggregator } from './range-aggregator.ts';

type Moments = { count: number; mean: number; squares: number };

/** Welford's method; parts are merged after Chan, Golub and LeVeque. */
const variance = (result: (variance: number) => number): RangeAggregator<Moments> => ({
  create: () => ({ count: 0, mean: 0, squares: 0 }),
  add: (state, value) => {
    state.count += 1;
    const delta = value - state.mean;
    state.mean += delta / state.count;
    state.squares += delta * (value - state.mean);
  },
  merge: (into, from) => {
    if (from.count === 0) return;
    const count = into.count + from.count;
    const delta = from.mean - into.mean;
    into.squares += from.squares + (delta * delta * into.count * from.count) / count;
    into.mean += (delta * from.count) / count;
    into.count = count;
  },
  result: (state) => result(state.squares / state.count),
});

export const stdvarOverTime = variance((value) => value);
export const stddevOverTime = variance(Math.sqrt);
