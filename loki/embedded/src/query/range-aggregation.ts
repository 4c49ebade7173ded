import { rangeAggregatorOf } from '../aggregations/range/range-operators.ts';
import type { Grouping, RangeAggregation } from '../logql/syntax.ts';
import { sourceOf, type Scan } from '../store/scan.ts';
import { pushDown } from './conditions.ts';
import { countInDatabase } from './count-in-database.ts';
import type { QueryContext } from './query-context.ts';
import { sampleLines } from './sample-lines.ts';
import type { Series } from './series.ts';
import { Windows, type TimeSteps } from './time-steps.ts';
import { WindowedSeries } from './windowed-series.ts';

const COUNTING = new Set(['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate', 'absent_over_time']);

/**
 * Evaluates a range aggregation at every time step. `sumGrouping` is set when the result is summed up
 * anyway: then lines are summed under those labels at once.
 */
export async function evaluateRangeAggregation(
  context: QueryContext,
  query: RangeAggregation,
  steps: TimeSteps,
  sumGrouping: Grouping | null,
): Promise<Series[]> {
  const windows = new Windows(steps, query.rangeNs, query.offsetNs);
  const streams = context.store.streams.select(context.tenants, query.logs.matchers);
  const { conditions, rest } = pushDown(query.logs.stages, streams);
  const scan: Scan = {
    streams,
    fromNs: windows.afterNs + 1n,
    toNs: windows.untilNs + 1n,
    conditions,
  };
  const grouping = query.grouping ?? sumGrouping;
  const series = new WindowedSeries(rangeAggregatorOf(query), windows, context.limits.querySeriesMax);
  const source = sourceOf(context.store, scan);
  if (source) {
    if (COUNTING.has(query.operator) && rest.length === 0 && !query.unwrap)
      await countInDatabase(context, query, source, scan.streams, grouping, series);
    else await sampleLines(context, query, rest, scan, grouping, series);
  }
  const found = await series.finish(context.breather);
  return query.operator === 'absent_over_time' ? [absence(query, found, steps.count)] : found;
}

/** `absent_over_time`: 1 where no line was found, under the labels that the selector asks for by equality. */
function absence({ logs }: RangeAggregation, found: readonly Series[], count: number): Series {
  const labels: Record<string, string> = {};
  const repeated = new Set<string>();
  for (const { name, operator, value } of logs.matchers) {
    if (operator !== '=' || name in labels) repeated.add(name);
    else labels[name] = value;
  }
  for (const name of repeated) delete labels[name];
  const values = Array.from({ length: count }, (_, step) =>
    found.some((series) => series.values[step] !== undefined) ? undefined : 1,
  );
  return { labels, values };
}
