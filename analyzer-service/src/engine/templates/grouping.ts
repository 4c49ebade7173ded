import { sameButOneColumn } from './column-contexts.ts';
import { jointlyVaryingColumns } from './joint-columns.ts';
import type { Cell } from './key-rows.ts';
import { KeyRows, OPEN } from './key-rows.ts';
import type { Wording } from './wording.ts';
import { isName, isQualifiedName } from './wording.ts';

/** Which wordings are one template. */
export interface WordingGroups {
  /** For each wording the number of its group. */
  readonly groupOf: Int32Array;
  /** For each group the keys of its columns: `<*>` where words vary. */
  readonly keys: readonly (readonly string[])[];
}

const ROUNDS_MAX = 4;

/**
 * Finds the words that vary between wordings, and with them the templates. A pure function of the set of wordings,
 * so neither order nor batches change the templates. Drain compares whole lines by the share of equal tokens, Brain by
 * their longest common pattern; here a column is judged alone, by how many words stand there while all other columns
 * agree, and by how much agrees. Cost: a few rounds over all columns, some 5 microseconds a wording and round.
 */
export function groupWordings(wordings: readonly Wording[]): WordingGroups {
  const table = new KeyRows(wordings);
  for (let round = 0; round < ROUNDS_MAX; round++) if (!table.open(varyingWords(table))) break;
  table.open(jointlyVaryingColumns(table));
  const keys = table.rows.map(({ ids }) => Array.from(ids, (id) => table.words[id]!));
  return { groupOf: table.rowOf, keys };
}

function varyingWords(table: KeyRows): Cell[] {
  return sameButOneColumn(table.rows)
    .filter((cells) => isVariable(cells, table))
    .flat();
}

/**
 * Whether the words that alternate in one column are values. The more wording agrees around them, the fewer
 * different words are needed; names after a word (`user alice`) need fewer than anything else.
 */
function isVariable(cells: readonly Cell[], { rows, words }: KeyRows): boolean {
  const { row, column } = cells[0]!;
  const { ids, kinds } = rows[row]!;
  const isWording = (at: number): boolean => kinds[at] === 'word' && ids[at] !== OPEN;
  const context = kinds.filter((_, at) => at !== column && isWording(at)).length;
  const found = cells.map((cell) => rows[cell.row]!.ids[cell.column]!).filter((id) => id !== OPEN);
  const names = found.map((id) => words[id]!);
  if (found.length < cells.length) return context >= 3 || (context >= 2 && names.every(isQualifiedName));
  const introduced = column > 0 && isWording(column - 1);
  const named = introduced && mostly(names, isName);
  if (context >= 4 && names.length >= 3 && (named || mostly(names, isQualifiedName))) return true;
  if (context >= 3 && names.length >= 5 && named) return true;
  if (context >= 2 && names.length >= 8 && introduced) return true;
  return (context >= 3 && names.length >= 12) || (context >= 1 && names.length >= 40);
}

function mostly(words: readonly string[], test: (word: string) => boolean): boolean {
  return words.filter(test).length > words.length / 2;
}
