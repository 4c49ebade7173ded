import { unreachable } from '../errors.ts';
import type {
  BinaryOperation,
  Grouping,
  LabelChoice,
  LabelFilter,
  LogQuery,
  Matcher,
  MetricQuery,
  Query,
  RangeAggregation,
  Stage,
  Unwrap,
  VectorMatching,
} from './syntax.ts';

const LINE_CHARACTERS_MAX = 100;
const INDENT = '  ';

/** A query in Loki's canonical form; what does not fit in a line is spread over several. */
export function formatQuery(query: Query, depth = 0): string {
  return query.kind === 'logs' ? formatLogs(query, depth) : formatMetric(query, depth);
}

const indent = (depth: number): string => INDENT.repeat(depth);
const needsSplit = (text: string): boolean => text.length > LINE_CHARACTERS_MAX;

function selectorText(matchers: readonly Matcher[]): string {
  return `{${matchers.map(matcherText).join(', ')}}`;
}

const matcherText = ({ name, operator, value }: Matcher): string =>
  `${name}${operator}${JSON.stringify(value)}`;

function logsText({ matchers, stages }: LogQuery): string {
  return [selectorText(matchers), ...stages.map(stageText)].join(' ');
}

function formatLogs(query: LogQuery, depth: number): string {
  const text = logsText(query);
  if (!needsSplit(text)) return indent(depth) + text;
  const stages = query.stages.map((stage) => `\n${indent(depth + 1)}${stageText(stage)}`);
  return indent(depth) + selectorText(query.matchers) + stages.join('');
}

function stageText(stage: Stage): string {
  switch (stage.kind) {
    case 'line-filter':
      return `${stage.operator} ${stage.alternatives.map(({ kind, value }) => (kind === 'ip' ? `ip(${JSON.stringify(value)})` : JSON.stringify(value))).join(' or ')}`;
    case 'json':
    case 'logfmt': {
      const flags =
        stage.kind === 'logfmt' ? [stage.strict && '--strict', stage.keepEmpty && '--keep-empty'] : [];
      const list = stage.extractions
        .map(({ label, expression }) => `${label}=${JSON.stringify(expression)}`)
        .join(',');
      return ['|', stage.kind, ...flags, list].filter(Boolean).join(' ');
    }
    case 'regexp':
    case 'pattern':
      return `| ${stage.kind} ${JSON.stringify(stage.expression)}`;
    case 'label-filter':
      return `| ${labelFilterText(stage.filter)}`;
    case 'line-format':
      return `| line_format ${JSON.stringify(stage.template)}`;
    case 'label-format':
      return `| label_format ${stage.formats.map(({ label, kind, value }) => `${label}=${kind === 'rename' ? value : JSON.stringify(value)}`).join(',')}`;
    case 'keep':
    case 'drop':
      return `| ${stage.kind} ${stage.choices.map(choiceText).join(',')}`;
    case 'decolorize':
    case 'unpack':
      return `| ${stage.kind}`;
    default:
      return unreachable(stage);
  }
}

const choiceText = ({ name, matcher }: LabelChoice): string => (matcher ? matcherText(matcher) : name);

function labelFilterText(filter: LabelFilter): string {
  switch (filter.kind) {
    case 'match':
      return matcherText(filter.matcher);
    case 'and':
    case 'or': {
      const sign = filter.kind === 'and' ? ',' : 'or';
      return `( ${labelFilterText(filter.left)} ${sign} ${labelFilterText(filter.right)} )`;
    }
    case 'ip':
      return `${filter.name}${filter.operator}ip(${JSON.stringify(filter.pattern)})`;
    case 'number':
    case 'duration':
    case 'bytes':
      return `${filter.name}${filter.operator}${filter.text}`;
    default:
      return unreachable(filter);
  }
}

function groupingText(grouping: Grouping | null): string {
  return grouping ? ` ${grouping.without ? 'without' : 'by'} (${grouping.labels.join(',')})` : '';
}

function metricText(query: MetricQuery): string {
  switch (query.kind) {
    case 'literal':
      return String(query.value);
    case 'vector':
      return `vector(${query.value.toFixed(6)})`;
    case 'range-aggregation':
      return `${query.operator}(${parameterText(query.parameter)}${rangeText(query)})${groupingText(query.grouping).trimEnd()}`;
    case 'vector-aggregation':
      return `${query.operator}${groupingText(query.grouping)}(${parameterText(query.parameter)}${metricText(query.inner)})`;
    case 'binary':
      return `(${metricText(query.left)} ${operatorText(query)} ${metricText(query.right)})`;
    case 'label-replace':
      return `label_replace(${[metricText(query.inner), ...[query.destination, query.replacement, query.source, query.expression].map((text) => JSON.stringify(text))].join(',')})`;
    default:
      return unreachable(query);
  }
}

const parameterText = (parameter: number | null): string => (parameter === null ? '' : `${parameter},`);

function rangeText({ logs, unwrap, rangeNs, offsetNs }: RangeAggregation): string {
  const offset = offsetNs === 0 ? '' : ` offset ${durationText(offsetNs)}`;
  return `${logsText(logs)}${unwrap ? ` ${unwrapText(unwrap)}` : ''}[${durationText(rangeNs)}]${offset}`;
}

function unwrapText({ label, conversion, filters }: Unwrap): string {
  const value = conversion ? `${conversion}(${label})` : label;
  return [`| unwrap ${value}`, ...filters.map((filter) => `| ${labelFilterText(filter)}`)].join(' ');
}

function operatorText({ operator, bool, matching }: BinaryOperation): string {
  return [operator, bool && 'bool', matching && matchingText(matching)].filter(Boolean).join(' ');
}

function matchingText({ on, labels, card, include }: VectorMatching): string {
  const words = `${on ? 'on' : 'ignoring'} (${labels.join(',')})`;
  if (card === 'one-to-one') return words;
  return `${words} ${card === 'many-to-one' ? 'group_left' : 'group_right'} (${include.join(',')})`;
}

function formatMetric(query: MetricQuery, depth: number): string {
  const text = metricText(query);
  if (!needsSplit(text)) return indent(depth) + text;
  if (query.kind === 'range-aggregation') return formatRange(query, depth);
  if (query.kind === 'vector-aggregation') {
    const opening = `${query.operator}${groupingText(query.grouping)}(`;
    const inner = `${splitParameter(query.parameter, depth)}${formatMetric(query.inner, depth + 1)}`;
    return `${indent(depth)}${opening}\n${inner}\n${indent(depth)})`;
  }
  if (query.kind !== 'binary') return indent(depth) + text;
  const [left, right] = [formatMetric(query.left, depth + 1), formatMetric(query.right, depth + 1)];
  return `${left}\n${indent(depth)}${operatorText(query)}\n${right}`;
}

function formatRange(query: RangeAggregation, depth: number): string {
  const unwrap = query.unwrap ? `\n${indent(depth + 2)}${unwrapText(query.unwrap)}` : '';
  const offset = query.offsetNs === 0 ? '' : ` offset ${durationText(query.offsetNs)}`;
  const logs = `${formatLogs(query.logs, depth + 1)}${unwrap} [${durationText(query.rangeNs)}]${offset}`;
  const inner = `${splitParameter(query.parameter, depth)}${logs}`;
  return `${indent(depth)}${query.operator}(\n${inner}\n${indent(depth)})${groupingText(query.grouping)}`;
}

function splitParameter(parameter: number | null, depth: number): string {
  return parameter === null ? '' : `${indent(depth + 1)}${parameter},\n`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['h', 3600e9],
  ['m', 60e9],
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
];

function durationText(ns: number): string {
  let rest = Math.abs(ns);
  let text = ns < 0 ? '-' : '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
