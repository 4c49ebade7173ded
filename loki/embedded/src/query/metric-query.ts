import { unreachable } from '../errors.ts';
import { reduceSeries } from '../aggregations/vector/reduce.ts';
import { sortSeries, topSeries } from '../aggregations/vector/top.ts';
import type { LabelReplace, MetricQuery, VectorAggregation } from '../logql/syntax.ts';
import { expandReplacement } from '../filters/expand.ts';
import { compileRegex } from '../filters/regex.ts';
import { applyBinary, type MetricValue } from './binary.ts';
import type { QueryContext } from './query-context.ts';
import { evaluateRangeAggregation } from './range-aggregation.ts';
import type { Series } from './series.ts';
import type { TimeSteps } from './time-steps.ts';

export async function evaluateMetric(
  context: QueryContext,
  query: MetricQuery,
  steps: TimeSteps,
): Promise<MetricValue> {
  switch (query.kind) {
    case 'literal':
      return query.value;
    case 'vector':
      return [{ labels: {}, values: Array.from({ length: steps.count }, () => query.value) }];
    case 'range-aggregation':
      return evaluateRangeAggregation(context, query, steps, null);
    case 'vector-aggregation':
      return evaluateVectorAggregation(context, query, steps);
    case 'label-replace':
      return replaceLabel(query, seriesOf(await evaluateMetric(context, query.inner, steps)));
    case 'binary': {
      const left = await evaluateMetric(context, query.left, steps);
      return applyBinary(query, left, await evaluateMetric(context, query.right, steps), context.breather);
    }
    default:
      return unreachable(query);
  }
}

async function evaluateVectorAggregation(
  context: QueryContext,
  query: VectorAggregation,
  steps: TimeSteps,
): Promise<Series[]> {
  const { operator, parameter, grouping } = query;
  const inner = seriesOf(await evaluateInner(context, query, steps));
  switch (operator) {
    case 'topk':
    case 'bottomk':
      return topSeries(operator, parameter ?? 1, grouping, inner, context.breather);
    case 'approx_topk':
      return topSeries('topk', parameter ?? 1, grouping, inner, context.breather);
    case 'sort':
    case 'sort_desc':
      return sortSeries(operator === 'sort_desc', inner);
    default:
      return reduceSeries(operator, grouping, inner, context.breather);
  }
}

const SUMMED_OPERATORS = new Set([
  'count_over_time',
  'rate',
  'bytes_over_time',
  'bytes_rate',
  'sum_over_time',
]);

/** A sum over sums may add up lines under its own labels at once. */
async function evaluateInner(
  context: QueryContext,
  { operator, grouping, inner }: VectorAggregation,
  steps: TimeSteps,
): Promise<MetricValue> {
  const canSum =
    operator === 'sum' &&
    inner.kind === 'range-aggregation' &&
    SUMMED_OPERATORS.has(inner.operator) &&
    !inner.grouping;
  if (!canSum) return evaluateMetric(context, inner, steps);
  return evaluateRangeAggregation(context, inner, steps, grouping ?? { without: false, labels: [] });
}

const seriesOf = (value: MetricValue): readonly Series[] => (typeof value === 'number' ? [] : value);

function replaceLabel(
  { destination, replacement, source, expression }: LabelReplace,
  inner: readonly Series[],
): Series[] {
  const regex = compileRegex(`^(?:${expression})$`);
  return inner.map((series) => {
    const matcher = regex.matcher(series.labels[source] ?? '');
    if (!matcher.find()) return series;
    const value = expandReplacement(replacement, matcher, regex.namedGroups());
    const { [destination]: _, ...labels } = series.labels;
    return { labels: value === '' ? labels : { ...labels, [destination]: value }, values: series.values };
  });
}
