import type { LabelFilter } from '../logql/syntax.ts';
import type { SqlCondition } from '../store/scan.ts';
import type { Stream } from '../store/streams.ts';

/**
 * What a stored line must hold for a label filter to let it pass, or null when that says nothing: one of the values
 * that the filter asks for stands in the line, in its metadata or as its level, unless an escape hides it or the
 * stream itself has the label. Before the first parser, labels come from stream and metadata only: then the line
 * itself need not be looked at.
 */
export function impliedCondition(
  filter: LabelFilter,
  streams: readonly Stream[],
  isParsed: boolean,
): SqlCondition | null {
  if (filter.kind === 'and' || filter.kind === 'or') {
    const left = impliedCondition(filter.left, streams, isParsed);
    const right = impliedCondition(filter.right, streams, isParsed);
    if (filter.kind === 'or') return left && right && join(left, 'OR', right);
    return left && right ? join(left, 'AND', right) : (left ?? right);
  }
  if (filter.kind !== 'match') return null;
  const { name, operator, value } = filter.matcher;
  if (name.startsWith('__error')) return null;
  const values = operator === '=' ? [value] : operator === '=~' ? literalsOf(value) : null;
  if (values === null || values.includes('')) return null;
  const base = name.endsWith('_extracted') ? name.slice(0, -'_extracted'.length) : name;
  const having = streams.filter(({ labels }) => Object.hasOwn(labels, name) || Object.hasOwn(labels, base));
  if (having.length === streams.length) return null;
  const ids = having.length === 0 ? '' : ` OR stream IN (${having.map(({ id }) => id).join(',')})`;
  const level = `level IN (${values.map(() => '?').join(',')})`;
  if (!isParsed && name === 'detected_level') return { sql: `${level}${ids}`, parameters: values };
  const columns = isParsed ? ['line', 'metadata'] : ['metadata'];
  const holds = columns.map((column) => `${containsOneOf(column, values)} OR contains(${column}, '\\')`);
  return {
    sql: `${holds.join(' OR ')} OR ${level}${ids}`,
    parameters: [...columns.map(() => soughtText(values)), ...values],
  };
}

/** One value is sought as text; of several, one pass of a regular expression seeks all. */
function containsOneOf(column: string, values: readonly string[]): string {
  return values.length === 1 ? `contains(${column}, ?)` : `regexp_matches(${column}, ?)`;
}

function soughtText(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : values.map(escapeRegex).join('|');
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}

const LITERALS = /^(?:[^\\.+*?()[\]{}^$]|\\[^a-zA-Z0-9])*$/;

/** The alternatives of a regular expression that is nothing but literals, such as `a|b`; null for any other. */
function literalsOf(regex: string): string[] | null {
  if (!LITERALS.test(regex)) return null;
  const literals = [''];
  for (const [, escaped, plain] of regex.matchAll(/\\(.)|([^|\\])|\|/gsu)) {
    if (escaped === undefined && plain === undefined) literals.push('');
    else literals[literals.length - 1] += escaped ?? plain ?? '';
  }
  return literals;
}

const join = (left: SqlCondition, sign: 'AND' | 'OR', right: SqlCondition): SqlCondition => ({
  sql: `(${left.sql}) ${sign} (${right.sql})`,
  parameters: [...left.parameters, ...right.parameters],
});
