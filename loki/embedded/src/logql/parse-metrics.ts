import type { SyntaxNode } from '@lezer/common';
import { badRequest } from '../errors.ts';
import { parseDurationNs, unquote } from './literals.ts';
import { parseLabelFilter, parseMatchers, parseStages } from './parse-logs.ts';
import type {
  BinaryOperation,
  Grouping,
  LabelFilter,
  MetricQuery,
  RangeAggregation,
  Unwrap,
  UnwrapConversion,
  VectorMatching,
} from './syntax.ts';
import { childNodes, listItems, nodeText, requiredChild, type Source } from './tree.ts';

export function parseMetric(source: Source, node: SyntaxNode): MetricQuery {
  switch (node.name) {
    case 'Expr':
    case 'MetricExpr': {
      const inner = childNodes(node)[0];
      if (!inner) throw badRequest('parse error : empty expression');
      return parseMetric(source, inner);
    }
    case 'RangeAggregationExpr':
      return parseRangeAggregation(source, node);
    case 'VectorAggregationExpr':
      return parseVectorAggregation(source, node);
    case 'BinOpExpr':
      return parseBinary(source, node);
    case 'LabelReplaceExpr':
      return parseLabelReplace(source, node);
    case 'LiteralExpr':
      return { kind: 'literal', value: numberOf(source, node) };
    case 'VectorExpr':
      return { kind: 'vector', value: numberOf(source, node) };
    case 'LogExpr':
      throw badRequest(
        `parse error : unexpected type for left leg of binary operation: a log query needs a range aggregation, for example count_over_time(${nodeText(source, node)}[5m])`,
      );
    default:
      throw badRequest(`parse error : ${nodeText(source, node)} is not supported`);
  }
}

/** Reads the number among the children of a node, with the sign before it. */
function numberOf(source: Source, node: SyntaxNode): number {
  const children = childNodes(node);
  const value = children.find((child) => child.name === 'Number' || child.name === 'LiteralExpr');
  if (!value) throw badRequest(`parse error : ${nodeText(source, node)} needs a number`);
  if (value.name === 'LiteralExpr') return numberOf(source, value);
  const sign = children.some((child) => child.name === 'Sub' && child.to <= value.from) ? -1 : 1;
  return sign * Number(nodeText(source, value));
}

function parseRangeAggregation(source: Source, node: SyntaxNode): RangeAggregation {
  const logs = requiredChild(node, 'LogRangeExpr');
  const unwrap = logs.getChild('UnwrapExpr');
  const hasParameter = node.getChild('Number') ?? node.getChild('LiteralExpr');
  const offset = logs.getChild('OffsetExpr');
  return {
    kind: 'range-aggregation',
    operator: nodeText(source, requiredChild(node, 'RangeOp')),
    parameter: hasParameter ? numberOf(source, node) : null,
    logs: {
      kind: 'logs',
      matchers: parseMatchers(source, requiredChild(logs, 'Selector')),
      stages: parseStages(source, logs.getChild('PipelineExpr')),
    },
    unwrap: unwrap ? parseUnwrap(source, unwrap) : null,
    rangeNs: durationOf(source, requiredChild(logs, 'Range')),
    offsetNs: offset ? durationOf(source, offset) : 0,
    grouping: parseGrouping(source, node.getChild('Grouping')),
  };
}

function durationOf(source: Source, node: SyntaxNode): number {
  const text = nodeText(source, requiredChild(node, 'Duration'));
  const value = parseDurationNs(text);
  if (value === null) throw badRequest(`parse error : not a valid duration string: "${text}"`);
  return value;
}

function parseUnwrap(source: Source, node: SyntaxNode): Unwrap {
  const filters: LabelFilter[] = [];
  let innermost = node;
  for (let inner = node.getChild('UnwrapExpr'); inner; inner = inner.getChild('UnwrapExpr')) {
    filters.unshift(parseLabelFilter(source, requiredChild(innermost, 'LabelFilter')));
    innermost = inner;
  }
  const conversion = innermost.getChild('ConvOp');
  return {
    label: nodeText(source, requiredChild(innermost, 'Identifier')),
    conversion: conversion ? (nodeText(source, conversion) as UnwrapConversion) : null,
    filters,
  };
}

function parseGrouping(source: Source, node: SyntaxNode | null): Grouping | null {
  if (!node) return null;
  const labels = node.getChild('Labels');
  return {
    without: node.getChild('Without') !== null,
    labels: labels ? listItems(labels, 'Identifier').map((label) => nodeText(source, label)) : [],
  };
}

function parseVectorAggregation(source: Source, node: SyntaxNode): MetricQuery {
  return {
    kind: 'vector-aggregation',
    operator: nodeText(source, requiredChild(node, 'VectorOp')),
    parameter: node.getChild('Number') || node.getChild('LiteralExpr') ? numberOf(source, node) : null,
    grouping: parseGrouping(source, node.getChild('Grouping')),
    inner: parseMetric(source, requiredChild(node, 'MetricExpr')),
  };
}

function parseLabelReplace(source: Source, node: SyntaxNode): MetricQuery {
  const [destination = '', replacement = '', label = '', expression = ''] = node
    .getChildren('String')
    .map((child) => unquote(nodeText(source, child)));
  const inner = parseMetric(source, requiredChild(node, 'MetricExpr'));
  return { kind: 'label-replace', inner, destination, replacement, source: label, expression };
}

type Operator = { readonly sign: string; readonly bool: boolean; readonly matching: VectorMatching | null };

const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
};
const COMPARISON_PRECEDENCE = 3;

/**
 * The grammar does not nest operators by precedence where modifiers stand between them, so a chain
 * without brackets is flattened and built up again.
 */
function parseBinary(source: Source, node: SyntaxNode): MetricQuery {
  const operands: MetricQuery[] = [];
  const operators: Operator[] = [];
  flatten(source, node, operands, operators);
  let next = 0;
  const climb = (minimum: number): MetricQuery => {
    let left = operands[next] as MetricQuery;
    for (let operator = operators[next]; operator; operator = operators[next]) {
      const precedence = PRECEDENCE[operator.sign] ?? COMPARISON_PRECEDENCE;
      if (precedence < minimum) break;
      next += 1;
      const right = climb(operator.sign === '^' ? precedence : precedence + 1);
      left = binary(operator, left, right);
    }
    return left;
  };
  return climb(0);
}

function binary(operator: Operator, left: MetricQuery, right: MetricQuery): BinaryOperation {
  const { sign, bool, matching } = operator;
  return { kind: 'binary', operator: sign, bool, matching, left, right };
}

function flatten(source: Source, node: SyntaxNode, operands: MetricQuery[], operators: Operator[]): void {
  const [left, sign, ...rest] = childNodes(node);
  const right = rest.at(-1);
  if (!left || !sign || !right) throw badRequest('parse error : incomplete binary operation');
  flattenOperand(source, left, operands, operators);
  operators.push(parseOperator(source, nodeText(source, sign), rest[0]));
  flattenOperand(source, right, operands, operators);
}

function flattenOperand(
  source: Source,
  node: SyntaxNode,
  operands: MetricQuery[],
  operators: Operator[],
): void {
  let inner: SyntaxNode = node;
  while (inner.name === 'Expr' || inner.name === 'MetricExpr') {
    const child = childNodes(inner)[0];
    if (!child || child.from !== inner.from) break;
    inner = child;
  }
  if (inner.name === 'BinOpExpr') flatten(source, inner, operands, operators);
  else operands.push(parseMetric(source, inner));
}

function parseOperator(source: Source, sign: string, modifier: SyntaxNode | undefined): Operator {
  if (modifier?.name !== 'BinOpModifier') return { sign, bool: false, matching: null };
  const bool = modifier.getChild('Bool') !== null;
  const labelsOf = (node: SyntaxNode | null): string[] => {
    const list = node?.getChild('GroupingLabelList');
    return list ? listItems(list, 'GroupingLabel').map((label) => nodeText(source, label)) : [];
  };
  const onOrIgnoring = modifier.getChild('OnOrIgnoringModifier');
  if (!onOrIgnoring) return { sign, bool, matching: null };
  const groupLeft = modifier.getChild('GroupLeft');
  const groupRight = modifier.getChild('GroupRight');
  const matching: VectorMatching = {
    on: onOrIgnoring.getChild('On') !== null,
    labels: labelsOf(onOrIgnoring.getChild('GroupingLabels')),
    card: groupLeft ? 'many-to-one' : groupRight ? 'one-to-many' : 'one-to-one',
    include: groupLeft || groupRight ? labelsOf(modifier.getChild('GroupingLabels')) : [],
  };
  return { sign, bool, matching };
}
