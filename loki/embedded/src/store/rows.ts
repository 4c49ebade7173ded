import type { DuckDBConnection } from '@duckdb/node-api';
import type { SqlSource } from './scan.ts';

/** Rows as read, one array a column. Times are nanoseconds since 1970 as decimal digits. */
export type Rows = {
  readonly count: number;
  readonly streams: readonly string[];
  readonly times: readonly string[];
  readonly lines: readonly string[];
  readonly metadata: readonly string[];
  readonly levels: readonly string[];
  /** Order lines of one timestamp as they came; empty unless asked for. */
  readonly positions: readonly string[];
};

export type RowOptions = { readonly positions: boolean; readonly separator: string };

export const NO_ROWS: Rows = {
  count: 0,
  streams: [],
  times: [],
  lines: [],
  metadata: [],
  levels: [],
  positions: [],
};

/** Reads all rows of a source. A column comes as one text, which costs a fraction of single values. */
export async function readRows(
  connection: DuckDBConnection,
  source: SqlSource,
  { positions, separator }: RowOptions,
): Promise<Rows> {
  const bound = `$${source.parameters.length + 1}`;
  const texts = ['line', 'metadata', 'level'].map((column) => `string_agg(${column}, ${bound})`);
  const numbers = ['stream', 'ts', ...(positions ? ['position'] : [])].map(
    (column) => `string_agg(${column}::VARCHAR, ' ')`,
  );
  const result = await connection.runAndReadAll(
    `SELECT ${[...texts, ...numbers].join(', ')} FROM ${source.sql}`,
    [...source.parameters, separator],
  );
  const [row = []] = result.getRows() as (string | null)[][];
  const [lines, metadata, levels, streams, times, places] = row;
  if (typeof lines !== 'string') return NO_ROWS;
  const read = { streams: streams?.split(' ') ?? [], lines: lines.split(separator) };
  return {
    count: read.streams.length,
    ...read,
    times: times?.split(' ') ?? [],
    metadata: metadata?.split(separator) ?? [],
    levels: levels?.split(separator) ?? [],
    positions: places?.split(' ') ?? [],
  };
}

/** Whether rows did not fit into memory at once, so that fewer must be read at a time. */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof Error &&
  /out of memory|too large|invalid string length|cannot create a string/i.test(error.message);

/** One line as it is stored. */
export type StoredLine = {
  readonly stream: number;
  readonly time: string;
  readonly text: string;
  /** Structured metadata as JSON text, or empty. */
  readonly metadata: string;
  readonly level: string;
};

export const rowAt = (rows: Rows, index: number): StoredLine => ({
  stream: Number(rows.streams[index]),
  time: rows.times[index] ?? '0',
  text: rows.lines[index] ?? '',
  metadata: rows.metadata[index] ?? '',
  level: rows.levels[index] ?? '',
});
