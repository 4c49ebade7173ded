import { WILDCARD } from './columns.ts';
import { sameButOneColumn } from './column-contexts.ts';
import { jointlyVaryingColumns } from './joint-columns.ts';
import type { Cell, Wording } from './wording.ts';
import { isName, isQualifiedName } from './wording.ts';

/**
 * Finds the words that vary between wordings and answers the key of each wording's template: its columns' keys with
 * `<*>` where words vary. A pure function of the set of wordings, so neither order nor batches change the templates.
 * Related: Drain groups by a similarity threshold over all tokens, Brain by the longest common pattern. Here a column
 * is judged alone, by how many words stand there while all other columns agree, and how much agrees.
 * Cost: a few rounds over all columns of all wordings.
 */
export function templateKeys(wordings: readonly Wording[]): string[][] {
  const keys = wordings.map((wording) => [...wording.keys]);
  for (let round = 0; round < ROUNDS_MAX; round++) if (!generalizeWords(wordings, keys)) break;
  for (const { wording, column } of jointlyVaryingColumns(wordings, keys)) keys[wording]![column] = WILDCARD;
  return keys;
}

const ROUNDS_MAX = 4;

function generalizeWords(wordings: readonly Wording[], keys: string[][]): boolean {
  const varying: Cell[] = [];
  for (const cells of sameButOneColumn(wordings, keys)) {
    const words = new Set(cells.map(({ wording, column }) => keys[wording]![column]!));
    if (words.size > 1 && isVariable(words, cells, wordings, keys)) varying.push(...cells);
  }
  let changed = false;
  for (const { wording, column } of varying) {
    changed ||= keys[wording]![column] !== WILDCARD;
    keys[wording]![column] = WILDCARD;
  }
  return changed;
}

/**
 * Whether the words that alternate in one column are values. The more wording agrees around them, the fewer
 * different words are needed; names after a word (`user alice`) need fewer than anything else.
 */
function isVariable(
  words: ReadonlySet<string>,
  cells: readonly Cell[],
  wordings: readonly Wording[],
  keys: readonly (readonly string[])[],
): boolean {
  const { wording, column } = cells[0]!;
  const { kinds } = wordings[wording]!;
  const context = kinds.filter(
    (kind, i) => i !== column && kind === 'word' && keys[wording]![i] !== WILDCARD,
  ).length;
  const all = [...words].filter((word) => word !== WILDCARD);
  if (words.has(WILDCARD)) return context >= 3 || (context >= 2 && all.every(isQualifiedName));
  const introduced = kinds[column - 1] === 'word' && keys[wording]![column - 1] !== WILDCARD;
  const named = introduced && mostly(all, isName);
  if (context >= 4 && words.size >= 3 && (named || mostly(all, isQualifiedName))) return true;
  if (context >= 3 && words.size >= 5 && named) return true;
  if (context >= 2 && words.size >= 8 && introduced) return true;
  return (context >= 3 && words.size >= 12) || (context >= 1 && words.size >= 40);
}

function mostly(words: readonly string[], test: (word: string) => boolean): boolean {
  return words.filter(test).length > words.length / 2;
}
