import type { DuckDBConnection } from '@duckdb/node-api';
import { isTooLarge, readRows, type Rows } from './rows.ts';
import { sourceOf, type Scan } from './scan.ts';
import type { Store } from './store.ts';

const FIRST_ROWS = 16_384;
const ROWS_MAX = 1_048_576;
const FOUND_FEW = 2000;
const FOUND_MANY = 32_768;

/** All lines of a scan in no order, some thousands at a time; few matches are looked for in longer stretches. */
export async function* readUnordered(
  store: Store,
  connection: DuckDBConnection,
  scan: Scan,
  positions = false,
): AsyncGenerator<Rows> {
  const rowOptions = { positions, separator: store.separator };
  for (const segment of store.segments.between(scan.fromNs, scan.toNs)) {
    let stretch = FIRST_ROWS;
    for (let fromRow = 0; fromRow < segment.rows;) {
      const toRow = fromRow + stretch;
      const source = sourceOf(store, scan, { segment, fromRow, toRow });
      if (!source) return;
      let rows: Rows;
      try {
        rows = await readRows(connection, source, rowOptions);
      } catch (error) {
        if (!isTooLarge(error) || stretch <= 1) throw error;
        stretch = Math.ceil(stretch / 16);
        continue;
      }
      if (rows.count > 0) yield rows;
      fromRow = toRow;
      if (rows.count < FOUND_FEW) stretch = Math.min(ROWS_MAX, stretch * 4);
      else if (rows.count > FOUND_MANY) stretch = Math.max(FIRST_ROWS, Math.floor(stretch / 4));
    }
  }
}
