import { parser } from '@grafana/lezer-logql';
import type { SyntaxNode, Tree } from '@lezer/common';
import { badRequest } from '../errors.ts';
import { checkQuery } from './check.ts';
import { parseMatchers, parseStages } from './parse-logs.ts';
import { parseMetric } from './parse-metrics.ts';
import type { LogQuery, Matcher, Query } from './syntax.ts';

const QUERY_LENGTH_MAX = 131_072;
const NODE_DEPTH_MAX = 800;
const JOINED_FILTERS_MAX = 20;

/** The syntax tree of a query; throws Loki's 400 with the place of the first mistake. */
export function parseQuery(text: string): Query {
  if (text.trim() === '') throw badRequest('parse error : syntax error: unexpected $end');
  if (text.length > QUERY_LENGTH_MAX)
    throw badRequest(`parse error : input size too long (${text.length} > ${QUERY_LENGTH_MAX})`);
  const { tree, text: complete } = parseTree(text);
  const expression = tree.topNode.getChild('Expr');
  if (!expression) throw badRequest('parse error : syntax error: unexpected $end');
  const query = build(complete, expression);
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

/**
 * Loki takes label filters that stand side by side as joined by `and`; the grammar does not know that, so the
 * word is put in where it makes the tree right.
 */
function parseTree(text: string): { tree: Tree; text: string } {
  let complete = text;
  let tree = parser.parse(complete);
  let mistake = firstMistake(tree);
  for (let joined = 0; mistake >= 0 && joined < JOINED_FILTERS_MAX; joined += 1) {
    const longer = `${complete.slice(0, mistake)} and ${complete.slice(mistake)}`;
    const tried = parser.parse(longer);
    const next = firstMistake(tried);
    const isFilter = tried.resolveInner(mistake + 2).parent?.name === 'LabelFilter';
    if (!isFilter || (next >= 0 && next <= mistake + ' and '.length)) break;
    complete = longer;
    tree = tried;
    mistake = next;
  }
  if (mistake >= 0) throw syntaxError(text, Math.min(mistake, text.length));
  return { tree, text: complete };
}

/** Where the first mistake is, or -1. */
function firstMistake(tree: Tree): number {
  let depth = 0;
  let at = -1;
  tree.iterate({
    enter: (node) => {
      depth += 1;
      if (at < 0 && node.type.isError) at = node.from;
      if (depth > NODE_DEPTH_MAX) throw badRequest('parse error : the query is nested too deeply');
    },
    leave: () => {
      depth -= 1;
    },
  });
  return at;
}

function syntaxError(text: string, at: number): Error {
  const before = text.slice(0, at).split('\n');
  const rest = text.slice(at).trimStart();
  const found = rest === '' ? '$end' : (/^(\w+|\W)/.exec(rest)?.[0] ?? '$end');
  const column = (before.at(-1)?.length ?? 0) + 1 + (text.slice(at).length - rest.length);
  return badRequest(`parse error at line ${before.length}, col ${column}: syntax error: unexpected ${found}`);
}
