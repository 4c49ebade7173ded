import { badRequest } from '../errors.ts';
import { compileMatcher } from '../filters/matcher.ts';
import { compileRegex } from '../filters/regex.ts';
import { compilePipeline } from '../pipeline/pipeline.ts';
import type {
  BinaryOperation,
  LogQuery,
  MetricQuery,
  Query,
  RangeAggregation,
  VectorAggregation,
} from './syntax.ts';

const GROUPED_RANGE_OPERATORS = new Set([
  'avg_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'quantile_over_time',
  'max_over_time',
  'min_over_time',
  'first_over_time',
  'last_over_time',
]);
const UNWRAPPED_OPERATORS = new Set([
  ...GROUPED_RANGE_OPERATORS,
  'sum_over_time',
  'rate',
  'rate_counter',
  'absent_over_time',
]);
const PLAIN_OPERATORS = new Set([
  'bytes_over_time',
  'bytes_rate',
  'count_over_time',
  'rate',
  'absent_over_time',
]);
const PARAMETER_OPERATORS = new Set(['topk', 'bottomk', 'approx_topk']);
const SET_OPERATORS = new Set(['and', 'or', 'unless']);

/** Refuses, with Loki's reasons, what the grammar accepts but the language does not. */
export function checkQuery(query: Query): void {
  if (query.kind === 'logs') checkLogs(query);
  else checkMetric(query);
}

function checkLogs({ matchers, stages }: LogQuery): void {
  if (!matchers.map(compileMatcher).some((test) => !test('')))
    throw badRequest(
      'parse error : queries require at least one regexp or equality matcher that does not have an empty-compatible value. For instance, app=~".*" does not meet this requirement, but app=~".+" will',
    );
  compilePipeline(stages);
}

function checkMetric(query: MetricQuery): void {
  switch (query.kind) {
    case 'range-aggregation':
      checkRangeAggregation(query);
      break;
    case 'vector-aggregation':
      checkVectorAggregation(query);
      break;
    case 'binary':
      checkBinary(query);
      break;
    case 'label-replace':
      compileRegex(query.expression);
      checkMetric(query.inner);
      break;
    case 'literal':
    case 'vector':
      break;
  }
}

function checkRangeAggregation({ operator, parameter, logs, unwrap, grouping }: RangeAggregation): void {
  checkLogs(logs);
  if (operator === 'quantile_over_time' && parameter === null)
    throw badRequest(`parse error : parameter required for operation ${operator}`);
  if (operator !== 'quantile_over_time' && parameter !== null)
    throw badRequest(`parse error : parameter ${parameter} not supported for operation ${operator}`);
  if (grouping && !GROUPED_RANGE_OPERATORS.has(operator))
    throw badRequest(`parse error : grouping not allowed for ${operator} aggregation`);
  if (unwrap && !UNWRAPPED_OPERATORS.has(operator))
    throw badRequest(`parse error : invalid aggregation ${operator} with unwrap`);
  if (!unwrap && !PLAIN_OPERATORS.has(operator))
    throw badRequest(`parse error : invalid aggregation ${operator} without unwrap`);
  if (unwrap) compilePipeline(unwrap.filters.map((filter) => ({ kind: 'label-filter', filter })));
}

function checkVectorAggregation({ operator, parameter, grouping, inner }: VectorAggregation): void {
  if (PARAMETER_OPERATORS.has(operator)) {
    if (parameter === null) throw badRequest(`parse error : parameter required for operation ${operator}`);
    if (!Number.isInteger(parameter) || parameter <= 0)
      throw badRequest(`parse error : invalid parameter (must be greater than 0) ${operator}(${parameter}`);
  } else if (parameter !== null)
    throw badRequest(`parse error : unsupported parameter for operation ${operator}(${parameter}`);
  if (grouping && operator.startsWith('sort'))
    throw badRequest(`parse error : grouping not allowed for ${operator} aggregation`);
  checkMetric(inner);
}

function checkBinary({ operator, left, right }: BinaryOperation): void {
  if (SET_OPERATORS.has(operator)) {
    for (const [side, leg] of [
      ['left', left],
      ['right', right],
    ] as const)
      if (leg.kind === 'literal')
        throw badRequest(
          `parse error : unexpected literal for ${side} leg of logical/set binary operation (${operator}): ${leg.value}`,
        );
  }
  checkMetric(left);
  checkMetric(right);
}
