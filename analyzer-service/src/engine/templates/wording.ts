import type { Column } from './columns.ts';
import { WILDCARD } from './columns.ts';

/**
 * One wording of a message: all lines whose columns have equal keys. Wordings are what the miner counts; templates
 * are groups of wordings. A wording is also the unit in which miners are saved and merged.
 */
export interface Wording {
  /** The columns' keys; `<*>` where anything may stand. */
  readonly keys: readonly string[];
  readonly kinds: readonly Column['kind'][];
  /** What the columns show, as far as all lines agreed. */
  readonly texts: string[];
  /** Which columns follow a blank, of the spacings seen the first in order. */
  spacing: readonly boolean[];
}

export function wordingOf(columns: readonly Column[]): Wording {
  return {
    keys: columns.map((column) => column.key),
    kinds: columns.map((column) => column.kind),
    texts: columns.map((column) => column.text),
    spacing: columns.map((column) => column.spaced),
  };
}

/** Equal for wordings that are the same. */
export function rowKey(keys: readonly string[]): string {
  return keys.join('\n');
}

/** Takes up what another wording with the same number of columns shows. The order of absorbing does not matter. */
export function absorb(into: Wording, texts: readonly string[], spacing: readonly boolean[]): void {
  texts.forEach((text, i) => {
    if (into.texts[i] !== text) into.texts[i] = WILDCARD;
  });
  if (compareSpacing(spacing, into.spacing) < 0) into.spacing = spacing;
}

/** The text of a template out of what its wordings show. */
export function renderText(texts: readonly string[], spacing: readonly boolean[]): string {
  let out = '';
  texts.forEach((text, i) => {
    out += spacing[i] && out && text ? ` ${text}` : text;
  });
  return out;
}

function compareSpacing(a: readonly boolean[], b: readonly boolean[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] ? -1 : 1;
  return 0;
}

/** Spelled like an identifier, or quoted, rather than like a word that begins a sentence or names a state. */
export function isName(word: string): boolean {
  return /^(?:[a-z0-9][a-z0-9_.-]*$|")/.test(word) || isQualifiedName(word);
}

export function isQualifiedName(word: string): boolean {
  return word.includes('.');
}
