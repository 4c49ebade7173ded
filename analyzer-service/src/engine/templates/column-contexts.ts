import type { Cell, KeyRow } from './key-rows.ts';

const LOW_PRIME = 0x9e3779b1;
const HIGH_PRIME = 0x85ebca6b;
const NONE = -1;

/**
 * Sets of at least two cells whose rows agree in every other column. A row is hashed as a sum of terms, one a column,
 * so that the hash without a column is one subtraction; cells of equal hash are chained in flat arrays. Linear in the
 * columns of all rows.
 */
export function sameButOneColumn(rows: readonly KeyRow[]): Cell[][] {
  const cellCount = rows.reduce((sum, { ids }) => sum + ids.length, 0);
  const chains = new CellChains(cellCount);
  rows.forEach(({ ids, kinds }, row) => {
    let low = Math.imul(ids.length, LOW_PRIME);
    let high = Math.imul(ids.length, HIGH_PRIME);
    for (let column = 0; column < ids.length; column++) {
      low = (low + term(ids[column]!, column, LOW_PRIME)) | 0;
      high = (high + term(ids[column]!, column, HIGH_PRIME)) | 0;
    }
    for (let column = 0; column < ids.length; column++) {
      if (kinds[column] === 'symbol') continue;
      const withoutLow = (low - term(ids[column]!, column, LOW_PRIME) + term(NONE, column, LOW_PRIME)) | 0;
      const withoutHigh =
        (high - term(ids[column]!, column, HIGH_PRIME) + term(NONE, column, HIGH_PRIME)) | 0;
      chains.add(row, column, withoutLow, withoutHigh);
    }
  });
  return chains.longerThanOne();
}

function term(id: number, column: number, prime: number): number {
  let mixed = Math.imul(id + 2, prime) ^ Math.imul(column + 1, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 15), prime);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) | 0;
}

/** A hash table of chains of cells with equal 64-bit hashes, newest first. */
class CellChains {
  readonly #mask: number;
  readonly #heads: Int32Array;
  /** For each cell: row, column, low and high hash, and the next cell of its chain. */
  readonly #cells: Int32Array;
  #count = 0;

  constructor(cellCount: number) {
    this.#mask = 2 ** Math.ceil(Math.log2(Math.max(16, cellCount * 2))) - 1;
    this.#heads = new Int32Array(this.#mask + 1).fill(NONE);
    this.#cells = new Int32Array(cellCount * 5);
  }

  add(row: number, column: number, low: number, high: number): void {
    const cells = this.#cells;
    const at = this.#count * 5;
    let slot = low & this.#mask;
    let head = this.#heads[slot]!;
    while (head !== NONE && (cells[head + 2] !== low || cells[head + 3] !== high)) {
      slot = (slot + 1) & this.#mask;
      head = this.#heads[slot]!;
    }
    cells[at] = row;
    cells[at + 1] = column;
    cells[at + 2] = low;
    cells[at + 3] = high;
    cells[at + 4] = head;
    this.#heads[slot] = at;
    this.#count++;
  }

  longerThanOne(): Cell[][] {
    const chains: Cell[][] = [];
    for (const head of this.#heads) {
      if (head === NONE || this.#cells[head + 4] === NONE) continue;
      const chain: Cell[] = [];
      for (let at = head; at !== NONE; at = this.#cells[at + 4]!) {
        chain.push({ row: this.#cells[at]!, column: this.#cells[at + 1]! });
      }
      chains.push(chain);
    }
    return chains;
  }
}
