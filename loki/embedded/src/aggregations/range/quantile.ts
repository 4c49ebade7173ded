import type { RangeAggregator } from './range-aggregator.ts';

/** `quantile_over_time`: exact, interpolated between the two nearest values as Prometheus does. */
export const quantileOverTime = (quantile: number): RangeAggregator<number[]> => ({
  keepsSamples: true,
  create: () => [],
  add: (values, value) => {
    values.push(value);
  },
  merge: (into, from) => {
    for (const value of from) into.push(value);
  },
  result: (values) => quantileOf(quantile, values),
});

function quantileOf(quantile: number, values: number[]): number {
  if (values.length === 0) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const sorted = Float64Array.from(values).sort();
  const rank = quantile * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[lower] ?? NaN) * (1 - weight) + (sorted[upper] ?? NaN) * weight;
}
