import { badRequest } from '../../errors.ts';

/** How the values of one group at one instant become one. */
export type VectorReducer = (values: readonly number[]) => number;

const mean = (values: readonly number[]): number => sum(values) / values.length;
const sum: VectorReducer = (values) => values.reduce((total, value) => total + value, 0);

const variance: VectorReducer = (values) => {
  const average = mean(values);
  return mean(values.map((value) => (value - average) ** 2));
};

const REDUCERS: Readonly<Record<string, VectorReducer>> = {
  sum,
  avg: mean,
  count: (values) => values.length,
  min: (values) => values.reduce((best, value) => (value < best || Number.isNaN(best) ? value : best)),
  max: (values) => values.reduce((best, value) => (value > best || Number.isNaN(best) ? value : best)),
  stdvar: variance,
  stddev: (values) => Math.sqrt(variance(values)),
};

export function vectorReducerOf(operator: string): VectorReducer {
  const reducer = REDUCERS[operator];
  if (!reducer) throw badRequest(`parse error : unknown vector aggregation ${operator}`);
  return reducer;
}
