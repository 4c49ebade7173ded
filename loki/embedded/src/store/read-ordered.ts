import type { DuckDBConnection } from '@duckdb/node-api';
import { isTooLarge, NO_ROWS, readRows, type Rows } from './rows.ts';
import { sourceOf, type Scan } from './scan.ts';
import type { Store } from './store.ts';

export type Direction = 'forward' | 'backward';

const WINDOW_GROWTH = { least: 2, most: 64 };
const WINDOW_MIN_NS = 1_000_000n;
/** Where streams or conditions leave lines out, the first stretch is so much longer than lines of all kinds need. */
const FEWER_LINES = 8n;
const ROWS_MAX = 20_000;

type Window = { readonly fromNs: bigint; readonly toNs: bigint };
type Cursor = { readonly time: string; readonly position: string };

/**
 * The lines of a scan in time order, about `wanted` at a time. Reads one stretch of time after the other, so
 * that the first lines do not cost a look at all; where little is found, the next stretch is longer.
 */
export async function* readOrdered(
  store: Store,
  connection: DuckDBConnection,
  scan: Scan,
  direction: Direction,
  wanted: number,
): AsyncGenerator<Rows> {
  const limits = clamp(store, scan);
  if (!limits) return;
  const isFiltered = scan.conditions.length > 0 || scan.streams.length < store.streams.size;
  let lengthNs = guessWindowNs(store, limits, wanted) * (isFiltered ? FEWER_LINES : 1n);
  let size = wanted;
  let window = nextWindow(limits, null, lengthNs, direction);
  while (window) {
    let after: Cursor | null = null;
    let found = 0;
    for (;;) {
      let rows: Rows;
      try {
        rows = await readWindow(store, connection, { ...scan, ...window }, direction, size, after);
      } catch (error) {
        if (!isTooLarge(error) || size <= 1) throw error;
        size = Math.ceil(size / 16);
        continue;
      }
      if (rows.count > 0) yield rows;
      found += rows.count;
      if (rows.count < size) break;
      after = { time: rows.times.at(-1) ?? '0', position: rows.positions.at(-1) ?? '0' };
      size = Math.min(ROWS_MAX, size * 4);
    }
    if (found < wanted / 2) lengthNs *= growth(found, wanted);
    window = nextWindow(limits, window, lengthNs, direction);
  }
}

/** How much longer the next stretch must be to hold as many lines as are wanted. */
function growth(found: number, wanted: number): bigint {
  const needed = Math.ceil((1.5 * wanted) / (found + 1));
  return BigInt(Math.min(WINDOW_GROWTH.most, Math.max(WINDOW_GROWTH.least, needed)));
}

/** The part of the asked range in which there are lines at all. */
function clamp(store: Store, { fromNs, toNs }: Scan): Window | null {
  const segments = store.segments.between(fromNs, toNs);
  if (segments.length === 0) return null;
  const oldest = segments.reduce((least, { oldestNs }) => (oldestNs < least ? oldestNs : least), toNs);
  const newest = segments.reduce((most, { newestNs }) => (newestNs > most ? newestNs : most), fromNs);
  return { fromNs: oldest > fromNs ? oldest : fromNs, toNs: newest + 1n < toNs ? newest + 1n : toNs };
}

/** The time that holds the wanted lines if lines were spread evenly. */
function guessWindowNs(store: Store, { fromNs, toNs }: Window, wanted: number): bigint {
  let linesPerNs = 0;
  for (const { lines, oldestNs, newestNs } of store.segments.between(fromNs, toNs))
    linesPerNs += lines / (Number(newestNs - oldestNs) + 1);
  const guess = BigInt(Math.ceil(Math.min(Number(toNs - fromNs), (1.5 * wanted) / linesPerNs)));
  return guess > WINDOW_MIN_NS ? guess : WINDOW_MIN_NS;
}

function nextWindow(
  limits: Window,
  last: Window | null,
  lengthNs: bigint,
  direction: Direction,
): Window | null {
  if (direction === 'forward') {
    const fromNs = last ? last.toNs : limits.fromNs;
    const toNs = fromNs + lengthNs < limits.toNs ? fromNs + lengthNs : limits.toNs;
    return fromNs < limits.toNs ? { fromNs, toNs } : null;
  }
  const toNs = last ? last.fromNs : limits.toNs;
  const fromNs = toNs - lengthNs > limits.fromNs ? toNs - lengthNs : limits.fromNs;
  return toNs > limits.fromNs ? { fromNs, toNs } : null;
}

async function readWindow(
  store: Store,
  connection: DuckDBConnection,
  scan: Scan,
  direction: Direction,
  limit: number,
  after: Cursor | null,
): Promise<Rows> {
  const [order, sign] = direction === 'forward' ? ['ASC', '>'] : ['DESC', '<'];
  const source = sourceOf(store, scan);
  const options = { positions: true, separator: store.separator };
  if (!source) return NO_ROWS;
  const resume = after
    ? `WHERE ts ${sign}= ${after.time} AND (ts ${sign} ${after.time} OR position ${sign} ${after.position})`
    : '';
  const sql = `(SELECT * FROM ${source.sql} ${resume} ORDER BY ts ${order}, position ${order} LIMIT ${limit})`;
  return readRows(connection, { sql, parameters: source.parameters }, options);
}
