import { literalsOf } from '../filters/literals.ts';
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
  if (values === null) return null;
  const base = name.endsWith('_extracted') ? name.slice(0, -'_extracted'.length) : name;
  const having = streams.filter(({ labels }) => Object.hasOwn(labels, name) || Object.hasOwn(labels, base));
  if (having.length === streams.length) return null;
  const ids = having.length === 0 ? '' : ` OR stream IN (${having.map(({ id }) => id).join(',')})`;
  const level = `level IN (${values.map(() => '?').join(',')})`;
  // Every line has a level: that it may also be empty rules nothing more in.
  if (!isParsed && name === 'detected_level') return { sql: `${level}${ids}`, parameters: values };
  if (values.includes('')) return null;
  // Metadata is stored as JSON.stringify writes it: a value's escapes are known.
  const holds = [{ sql: containsOneOf('metadata', values), parameters: [soughtText(values.map(asInJson))] }];
  if (isParsed)
    holds.push({
      sql: `${containsOneOf('line', values)} OR contains(line, '\\')`,
      parameters: [soughtText(values)],
    });
  if (base === 'detected_level') holds.push({ sql: level, parameters: values });
  return {
    sql: `${holds.map(({ sql }) => sql).join(' OR ')}${ids}`,
    parameters: holds.flatMap(({ parameters }) => parameters),
  };
}

/** Whether the condition that is implied is all that the filter says: then lines need not be looked at again. */
export function isDecidedByLevel(filter: LabelFilter, streams: readonly Stream[]): boolean {
  if (filter.kind !== 'match' || filter.matcher.name !== 'detected_level') return false;
  const { operator, value } = filter.matcher;
  const isKnown = operator === '=' || (operator === '=~' && literalsOf(value) !== null);
  return isKnown && !streams.some(({ labels }) => Object.hasOwn(labels, 'detected_level'));
}

const asInJson = (text: string): string => JSON.stringify(text).slice(1, -1);

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

const join = (left: SqlCondition, sign: 'AND' | 'OR', right: SqlCondition): SqlCondition => ({
  sql: `(${left.sql}) ${sign} (${right.sql})`,
  parameters: [...left.parameters, ...right.parameters],
});
