import type { RangeAggregator } from './range-aggregator.ts';

type Samples = { values: number[]; timestampsNs: number[] };

/**
 * `rate_counter`: values are a growing counter that may restart. The increase is extrapolated to the ends of
 * the window as Prometheus' rate() does.
 */
export const rateCounter: RangeAggregator<Samples> = {
  keepsSamples: true,
  create: () => ({ values: [], timestampsNs: [] }),
  add: (state, value, timestampNs) => {
    state.values.push(value);
    state.timestampsNs.push(timestampNs);
  },
  merge: (into, from) => {
    for (const value of from.values) into.values.push(value);
    for (const timestampNs of from.timestampsNs) into.timestampsNs.push(timestampNs);
  },
  result: ({ values, timestampsNs }, rangeNs) => {
    if (values.length < 2) return 0;
    const order = values
      .map((_, index) => index)
      .toSorted((a, b) => timestampOf(timestampsNs, a) - timestampOf(timestampsNs, b));
    let increase = 0;
    for (let i = 1; i < order.length; i += 1) {
      const [previous, current] = [
        values[order[i - 1] as number] as number,
        values[order[i] as number] as number,
      ];
      increase += current >= previous ? current - previous : current;
    }
    return increase / (rangeNs / 1e9);
  },
};

const timestampOf = (timestamps: readonly number[], index: number): number => timestamps[index] ?? 0;
