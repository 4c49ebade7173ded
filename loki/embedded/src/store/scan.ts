import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { POSITION_BITS } from './segment.ts';
import type { Store } from './store.ts';
import type { Stream } from './streams.ts';

/** A condition on `line`, `metadata` or `level` in SQL; `?` stands for its parameters in order. */
export type SqlCondition = { readonly sql: string; readonly parameters: readonly string[] };

/** Which stored lines to read: [fromNs, toNs) of the streams, where all conditions hold. */
export type Scan = {
  readonly streams: readonly Stream[];
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly conditions: readonly SqlCondition[];
};

/** Rows as read, one array a column. `position` orders lines of one timestamp as they came. */
export type Rows = {
  readonly streams: readonly number[];
  readonly timestamps: readonly bigint[];
  readonly lines: readonly string[];
  readonly metadata: readonly string[];
  readonly levels: readonly string[];
  readonly positions: readonly bigint[];
};

const COLUMNS = 'stream, ts, line, metadata, level';

export type SqlSource = { readonly sql: string; readonly parameters: string[] };

/** The lines of a scan as one table expression, or null when no segment can hold any. */
export function sourceOf(store: Store, { streams, fromNs, toNs, conditions }: Scan): SqlSource | null {
  if (streams.length === 0 || fromNs >= toNs) return null;
  const parameters: string[] = [];
  const where = conditions.map(({ sql, parameters: values }) => {
    let next = parameters.length;
    parameters.push(...values);
    return `(${sql.replaceAll('?', () => `$${(next += 1)}`)})`;
  });
  const ids =
    streams.length === store.streams.size
      ? []
      : [`stream IN (${streams.map((stream) => stream.id).join(',')})`];
  const filter = [`ts >= ${fromNs}`, `ts < ${toNs}`, ...ids, ...where].join(' AND ');
  const parts = store
    .segmentsBetween(fromNs, toNs)
    .map(
      ({ number, schema }) =>
        `SELECT ${COLUMNS}, ${BigInt(number) << BigInt(POSITION_BITS)} + rowid AS position FROM ${schema}.lines WHERE ${filter}`,
    );
  return parts.length === 0 ? null : { sql: `(${parts.join(' UNION ALL ')})`, parameters };
}

/** Where an ordered read goes on: after this line. */
export type Cursor = { readonly timestamp: bigint; readonly position: bigint };

/** The first lines of a scan in time order. */
export async function readOrdered(
  connection: DuckDBConnection,
  source: SqlSource,
  direction: 'forward' | 'backward',
  limit: number,
  after: Cursor | null,
): Promise<Rows> {
  const [order, sign] = direction === 'forward' ? ['ASC', '>'] : ['DESC', '<'];
  const resume = after
    ? `WHERE ts ${sign}= ${after.timestamp} AND (ts ${sign} ${after.timestamp} OR position ${sign} ${after.position})`
    : '';
  const result = await connection.runAndReadAll(
    `SELECT * FROM ${source.sql} ${resume} ORDER BY ts ${order}, position ${order} LIMIT ${limit}`,
    source.parameters,
  );
  return rowsOf(result.getColumns());
}

/** All lines of a scan in no order, a few thousand at a time. */
export async function* readUnordered(connection: DuckDBConnection, source: SqlSource): AsyncGenerator<Rows> {
  const result = await connection.stream(`SELECT * FROM ${source.sql}`, source.parameters);
  for (;;) {
    const chunk: DuckDBDataChunk | null = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield rowsOf(chunk.getColumns());
  }
}

function rowsOf(columns: readonly unknown[][]): Rows {
  const [streams = [], timestamps = [], lines = [], metadata = [], levels = [], positions = []] = columns;
  return {
    streams: streams as number[],
    timestamps: timestamps as bigint[],
    lines: lines as string[],
    metadata: metadata as string[],
    levels: levels as string[],
    positions: positions as bigint[],
  };
}

/** Runs an aggregation over a scan: `select` is the SELECT list, `tail` what follows the source. */
export async function aggregate(
  connection: DuckDBConnection,
  source: SqlSource,
  select: string,
  tail: string,
): Promise<unknown[][]> {
  const result = await connection.runAndReadAll(
    `SELECT ${select} FROM ${source.sql} ${tail}`,
    source.parameters,
  );
  return result.getRows();
}
