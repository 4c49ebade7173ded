import type { LabelFilter } from '../logql/syntax.ts';
import type { SqlCondition } from '../store/scan.ts';
import type { Stream } from '../store/streams.ts';

/**
 * What a stored line must hold for a label filter to let it pass, or null when that says nothing: the value
 * of `label="value"` stands in the line, in its metadata or as its level, unless an escape hides it or the
 * stream itself has the label.
 */
export function impliedCondition(filter: LabelFilter, streams: readonly Stream[]): SqlCondition | null {
  if (filter.kind === 'and' || filter.kind === 'or') {
    const left = impliedCondition(filter.left, streams);
    const right = impliedCondition(filter.right, streams);
    if (filter.kind === 'or') return left && right && join(left, 'OR', right);
    return left && right ? join(left, 'AND', right) : (left ?? right);
  }
  if (filter.kind !== 'match') return null;
  const { name, operator, value } = filter.matcher;
  if (operator !== '=' || value === '' || name.startsWith('__error')) return null;
  const base = name.endsWith('_extracted') ? name.slice(0, -'_extracted'.length) : name;
  const having = streams.filter(({ labels }) => Object.hasOwn(labels, name) || Object.hasOwn(labels, base));
  const ids = having.length === 0 ? '' : ` OR stream IN (${having.map(({ id }) => id).join(',')})`;
  if (having.length === streams.length) return null;
  const escapes = "contains(line, '\\') OR contains(metadata, '\\')";
  return {
    sql: `contains(line, ?) OR contains(metadata, ?) OR level = ? OR ${escapes}${ids}`,
    parameters: [value, value, value],
  };
}

const join = (left: SqlCondition, sign: 'AND' | 'OR', right: SqlCondition): SqlCondition => ({
  sql: `(${left.sql}) ${sign} (${right.sql})`,
  parameters: [...left.parameters, ...right.parameters],
});
