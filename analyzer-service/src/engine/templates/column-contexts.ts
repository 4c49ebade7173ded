import type { Cell, Wording } from './wording.ts';

/**
 * Sets of at least two cells whose wordings agree in every other column. Each wording's columns are hashed as a sum of
 * terms, one a column, so that the hash without a column is one subtraction: linear in the columns of all wordings.
 */
export function sameButOneColumn(
  wordings: readonly Wording[],
  keys: readonly (readonly string[])[],
): Cell[][] {
  const ids = new Map<string, number>();
  const contexts = new Map<number, Cell | Cell[]>();
  keys.forEach((row, wording) => {
    const numbers = row.map((key) => idOf(ids, key));
    let low = Math.imul(row.length, LOW_PRIME);
    let high = Math.imul(row.length, HIGH_PRIME);
    numbers.forEach((id, column) => {
      low = (low + term(id, column, LOW_PRIME)) | 0;
      high = (high + term(id, column, HIGH_PRIME)) | 0;
    });
    numbers.forEach((id, column) => {
      if (wordings[wording]!.kinds[column] === 'symbol') return;
      const withoutLow = low - term(id, column, LOW_PRIME) + term(-1, column, LOW_PRIME);
      const withoutHigh = high - term(id, column, HIGH_PRIME) + term(-1, column, HIGH_PRIME);
      addCell(contexts, (withoutHigh >>> 11) * 2 ** 32 + (withoutLow >>> 0), { wording, column });
    });
  });
  return [...contexts.values()].filter((cells): cells is Cell[] => Array.isArray(cells));
}

const LOW_PRIME = 0x9e3779b1;
const HIGH_PRIME = 0x85ebca6b;

function term(id: number, column: number, prime: number): number {
  let mixed = Math.imul(id + 2, prime) ^ Math.imul(column + 1, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 15), prime);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) | 0;
}

function idOf(ids: Map<string, number>, key: string): number {
  const known = ids.get(key);
  if (known !== undefined) return known;
  ids.set(key, ids.size);
  return ids.size - 1;
}

function addCell(contexts: Map<number, Cell | Cell[]>, context: number, cell: Cell): void {
  const known = contexts.get(context);
  if (known === undefined) contexts.set(context, cell);
  else if (Array.isArray(known)) known.push(cell);
  else contexts.set(context, [known, cell]);
}
