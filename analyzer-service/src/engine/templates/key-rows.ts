import type { Column } from './columns.ts';
import { WILDCARD } from './columns.ts';
import type { Wording } from './wording.ts';

/** The keys of one or more wordings as numbers, one for each column. */
export interface KeyRow {
  readonly ids: Int32Array;
  readonly kinds: readonly Column['kind'][];
}

/** The number of `<*>`. */
export const OPEN = 0;

/**
 * The table that grouping works on: a row for each different set of keys. Columns are opened, and rows that become
 * equal by it are one row from then on.
 */
export class KeyRows {
  /** The keys by their numbers. */
  readonly words: string[] = [WILDCARD];
  rows: KeyRow[] = [];
  /** For each wording the place of its row. */
  rowOf: Int32Array;

  constructor(wordings: readonly Wording[]) {
    const ids = new Map<string, number>([[WILDCARD, OPEN]]);
    this.rows = wordings.map(({ keys, kinds }) => ({
      ids: Int32Array.from(keys, (key) => this.#idOf(ids, key)),
      kinds,
    }));
    this.rowOf = Int32Array.from(wordings.keys());
  }

  /** Opens columns and makes equal rows one. Answers whether any of them was closed before. */
  open(cells: readonly Cell[]): boolean {
    let changed = false;
    for (const { row, column } of cells) {
      const { ids } = this.rows[row]!;
      changed ||= ids[column] !== OPEN;
      ids[column] = OPEN;
    }
    if (changed) this.#unite();
    return changed;
  }

  #unite(): void {
    const places = new Map<string, number>();
    const united: KeyRow[] = [];
    const moved = this.rows.map((row) => {
      const key = row.ids.join();
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, united.length);
      return united.push(row) - 1;
    });
    this.rows = united;
    this.rowOf = this.rowOf.map((row) => moved[row]!);
  }

  #idOf(ids: Map<string, number>, key: string): number {
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, this.words.length);
    return this.words.push(key) - 1;
  }
}

/** A place in the table. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}
