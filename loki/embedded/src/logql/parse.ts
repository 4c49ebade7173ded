import { parser } from '@grafana/lezer-logql';
import type { SyntaxNode, Tree } from '@lezer/common';
import { badRequest } from '../errors.ts';
import { checkQuery } from './check.ts';
import { parseMatchers, parseStages } from './parse-logs.ts';
import { parseMetric } from './parse-metrics.ts';
import type { LogQuery, Matcher, Query } from './syntax.ts';

const QUERY_LENGTH_MAX = 131_072;
const NESTING_DEPTH_MAX = 200;

/** The syntax tree of a query; throws Loki's 400 with the place of the first mistake. */
export function parseQuery(text: string): Query {
  if (text.trim() === '') throw badRequest('parse error : syntax error: unexpected $end');
  if (text.length > QUERY_LENGTH_MAX)
    throw badRequest(`parse error : input size too long (${text.length} > ${QUERY_LENGTH_MAX})`);
  const tree = parser.parse(text);
  refuseMistakes(tree, text);
  const expression = tree.topNode.getChild('Expr');
  if (!expression) throw badRequest('parse error : syntax error: unexpected $end');
  const query = build(text, expression);
  checkQuery(query);
  return query;
}

/** A query that must be a log query, as tail, series matchers and volumes take it. */
export function parseLogQuery(text: string): LogQuery {
  const query = parseQuery(text);
  if (query.kind !== 'logs') throw badRequest('parse error : only log selector is supported');
  return query;
}

/** The stream selector alone, as `match[]` and the index endpoints take it. */
export function parseSelector(text: string): readonly Matcher[] {
  const query = parseLogQuery(text);
  if (query.stages.length > 0) throw badRequest('parse error : only label matchers are supported');
  return query.matchers;
}

function build(text: string, expression: SyntaxNode): Query {
  const source = { text };
  let logs = expression.getChild('LogExpr');
  if (!logs) return parseMetric(source, expression);
  for (let inner = logs.getChild('LogExpr'); inner; inner = inner.getChild('LogExpr')) logs = inner;
  const selector = logs.getChild('Selector');
  if (!selector)
    throw badRequest('parse error : a log query starts with a stream selector, for example {service="api"}');
  return {
    kind: 'logs',
    matchers: parseMatchers(source, selector),
    stages: parseStages(source, logs.getChild('PipelineExpr')),
  };
}

function refuseMistakes(tree: Tree, text: string): void {
  let depth = 0;
  let at = -1;
  tree.iterate({
    enter: (node) => {
      depth += 1;
      if (at < 0 && node.type.isError) at = node.from;
      if (depth > NESTING_DEPTH_MAX * 4) throw badRequest('parse error : the query is nested too deeply');
      return at < 0;
    },
    leave: () => {
      depth -= 1;
    },
  });
  if (at >= 0) throw syntaxError(text, at);
}

function syntaxError(text: string, at: number): Error {
  const before = text.slice(0, at).split('\n');
  const rest = text.slice(at).trimStart();
  const found = rest === '' ? '$end' : (/^(\w+|\W)/.exec(rest)?.[0] ?? '$end');
  const column = (before.at(-1)?.length ?? 0) + 1 + (text.slice(at).length - rest.length);
  return badRequest(`parse error at line ${before.length}, col ${column}: syntax error: unexpected ${found}`);
}
