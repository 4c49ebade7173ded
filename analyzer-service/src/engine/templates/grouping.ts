import type { Column } from './columns.ts';
import { WILDCARD } from './columns.ts';

/** Messages alike in all columns, and how many lines had them. */
export interface Variant {
  readonly columns: readonly Column[];
  readonly count: number;
}

/** Answers for each variant the text of its template. A pure function of the set of variants: their order is nothing. */
export function groupVariants(variants: readonly Variant[]): string[] {
  const groups = variants.map((variant) => variant.columns.map((column) => column.key));
  for (let round = 0; round < ROUNDS_MAX; round++) if (!generalize(variants, groups)) break;
  const texts = new Map<string, string[]>();
  const keys = groups.map((keys) => keys.join('\u0000'));
  keys.forEach((key, index) => {
    const columns = variants[index]!.columns;
    const known = texts.get(key);
    if (!known)
      texts.set(
        key,
        columns.map((column) => column.text),
      );
    else columns.forEach((column, i) => (known[i] = known[i] === column.text ? column.text : WILDCARD));
  });
  const spaced = new Map<string, readonly Column[]>();
  keys.forEach((key, index) => {
    if (!spaced.has(key)) spaced.set(key, variants[index]!.columns);
  });
  return keys.map((key) => render(texts.get(key)!, spaced.get(key)!));
}

const ROUNDS_MAX = 4;

function render(texts: readonly string[], columns: readonly Column[]): string {
  let out = '';
  texts.forEach((text, i) => {
    out += (columns[i]!.spaced && out && text ? ' ' : '') + text;
  });
  return out;
}

interface Member {
  readonly variant: number;
  readonly column: number;
}

function generalize(variants: readonly Variant[], groups: string[][]): boolean {
  const contexts = new Map<string, Member[]>();
  groups.forEach((keys, variant) => {
    keys.forEach((key, column) => {
      const kind = variants[variant]!.columns[column]!.kind;
      if (kind === 'delimiter') return;
      const context = keys.with(column, '\u0001').join('\u0000');
      const members = contexts.get(context);
      if (members) members.push({ variant, column });
      else contexts.set(context, [{ variant, column }]);
    });
  });
  const marked: Member[] = [];
  for (const members of contexts.values()) {
    if (members.length < 2) continue;
    const words = new Set(members.map(({ variant, column }) => groups[variant]![column]!));
    if (words.size < 2) continue;
    const first = members[0]!;
    if (isVariable(words, variants[first.variant]!.columns, groups[first.variant]!, first.column))
      marked.push(...members);
  }
  let changed = false;
  for (const { variant, column } of marked) {
    if (groups[variant]![column] === WILDCARD) continue;
    groups[variant]![column] = WILDCARD;
    changed = true;
  }
  return changed;
}

function isVariable(
  words: ReadonlySet<string>,
  columns: readonly Column[],
  keys: readonly string[],
  column: number,
): boolean {
  const context = columns.filter(
    (other, i) => i !== column && other.kind === 'word' && keys[i] !== WILDCARD,
  ).length;
  if (words.has(WILDCARD)) return context >= 2;
  const before = columns[column - 1];
  const led = before?.kind === 'word' && keys[column - 1] !== WILDCARD;
  const names = [...words].filter((word) => /^[a-z0-9][a-z0-9_.-]*$/.test(word)).length;
  if (led && context >= 3 && names >= 3 && names > words.size / 2) return true;
  if (context >= 2 && led && words.size >= 8) return true;
  return context >= 3 && words.size >= 12;
}
