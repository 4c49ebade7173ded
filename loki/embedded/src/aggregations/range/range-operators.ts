import { badRequest } from '../../errors.ts';
import type { RangeAggregation } from '../../logql/syntax.ts';
import { averageOverTime } from './average.ts';
import { maxOverTime, minOverTime } from './extreme.ts';
import { firstOverTime, lastOverTime } from './first-last.ts';
import { quantileOverTime } from './quantile.ts';
import { erase, type AnyRangeAggregator } from './range-aggregator.ts';
import { rateCounter } from './rate-counter.ts';
import { rate, sumOverTime } from './sum.ts';
import { stddevOverTime, stdvarOverTime } from './variance.ts';

/** Lines count as 1 each, or as their bytes, where nothing is unwrapped. */
const AGGREGATORS: Readonly<Record<string, AnyRangeAggregator>> = {
  count_over_time: erase(sumOverTime),
  rate: erase(rate),
  bytes_over_time: erase(sumOverTime),
  bytes_rate: erase(rate),
  sum_over_time: erase(sumOverTime),
  avg_over_time: erase(averageOverTime),
  min_over_time: erase(minOverTime),
  max_over_time: erase(maxOverTime),
  stddev_over_time: erase(stddevOverTime),
  stdvar_over_time: erase(stdvarOverTime),
  first_over_time: erase(firstOverTime),
  last_over_time: erase(lastOverTime),
  rate_counter: erase(rateCounter),
  absent_over_time: erase(sumOverTime),
};

export function rangeAggregatorOf({ operator, parameter }: RangeAggregation): AnyRangeAggregator {
  if (operator === 'quantile_over_time') return erase(quantileOverTime(parameter ?? 0));
  const aggregator = AGGREGATORS[operator];
  if (!aggregator) throw badRequest(`parse error : unknown range aggregation ${operator}`);
  return aggregator;
}
