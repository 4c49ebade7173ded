import type { DuckDBConnection } from '@duckdb/node-api';
import { aggregate, sourceOf, type Scan } from '../store/scan.ts';
import type { Store } from '../store/store.ts';
import { STORED_BYTES } from './stored-bytes.ts';

export type StreamSize = { readonly lines: number; readonly bytes: number };

/** So many lines are measured one by one; of more, stretches of each file are, and the lines are counted. */
const MEASURED_LINES_MAX = 100_000;
const STRETCHES = 8;
const STRETCH_ROWS = 2_048;

/** Lines and bytes of each stream with lines in the scan. The lines are counted; the bytes of many are estimated. */
export async function sizeByStream(
  store: Store,
  connection: DuckDBConnection,
  scan: Scan,
): Promise<StreamSize[]> {
  const source = sourceOf(store, scan);
  if (!source) return [];
  const counted = await aggregate(connection, source, 'stream, count(*)::DOUBLE', 'GROUP BY stream');
  const lines = new Map(counted as [number, number][]);
  const total = sum(lines.values());
  if (total <= MEASURED_LINES_MAX) {
    const bytes = await aggregate(connection, source, `count(*)::DOUBLE, ${SUM}`, 'GROUP BY stream');
    return (bytes as [number, number][]).map(([count, size]) => ({ lines: count, bytes: size }));
  }
  const measured = await measureStretches(store, connection, scan);
  const sizes = [...measured.values()];
  const all = { lines: sum(sizes.map((size) => size.lines)), bytes: sum(sizes.map((size) => size.bytes)) };
  return [...lines].map(([stream, count]) => {
    const known = measured.get(stream) ?? all;
    return { lines: count, bytes: known.lines === 0 ? 0 : Math.round((count * known.bytes) / known.lines) };
  });
}

const SUM = `sum(${STORED_BYTES})::DOUBLE`;

async function measureStretches(
  store: Store,
  connection: DuckDBConnection,
  scan: Scan,
): Promise<Map<number, StreamSize>> {
  const measured = new Map<number, { lines: number; bytes: number }>();
  for (const segment of store.segments.between(scan.fromNs, scan.toNs)) {
    for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
      const fromRow = Math.floor((segment.rows * (stretch + 0.5)) / STRETCHES);
      const range = { segment, fromRow, toRow: fromRow + STRETCH_ROWS };
      // Lines of other times are as long as any: only the streams matter.
      const source = sourceOf(
        store,
        { ...scan, fromNs: segment.oldestNs, toNs: segment.newestNs + 1n },
        range,
      );
      if (!source) continue;
      const rows = await aggregate(connection, source, `stream, count(*)::DOUBLE, ${SUM}`, 'GROUP BY stream');
      for (const [stream, lines, bytes] of rows as [number, number, number][]) {
        const known = measured.get(stream) ?? { lines: 0, bytes: 0 };
        measured.set(stream, { lines: known.lines + lines, bytes: known.bytes + bytes });
      }
    }
  }
  return measured;
}

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
