import type { DuckDBConnection } from '@duckdb/node-api';
import { POSITION_BITS, type Segment } from './segment.ts';
import type { Store } from './store.ts';
import type { Stream } from './streams.ts';

/** A condition on `stream`, `line`, `metadata` or `level` in SQL; `?` stands for its parameters in order. */
export type SqlCondition = { readonly sql: string; readonly parameters: readonly string[] };

/** Which stored lines to read: [fromNs, toNs) of the streams, where all conditions hold. */
export type Scan = {
  readonly streams: readonly Stream[];
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly conditions: readonly SqlCondition[];
};

/** A table expression with its parameters. */
export type SqlSource = { readonly sql: string; readonly parameters: readonly string[] };

type RowRange = { readonly segment: Segment; readonly fromRow: number; readonly toRow: number };

/** The lines of a scan as one table expression, or null when no segment can hold any. */
export function sourceOf(store: Store, scan: Scan, rows: RowRange | null = null): SqlSource | null {
  const { streams, fromNs, toNs, conditions } = scan;
  if (streams.length === 0 || fromNs >= toNs) return null;
  const segments = rows ? [rows.segment] : store.segments.between(fromNs, toNs);
  if (segments.length === 0) return null;
  const parameters: string[] = [];
  const where = conditions.map(({ sql, parameters: values }) => {
    let next = parameters.length;
    parameters.push(...values);
    return `(${sql.replaceAll('?', () => `$${(next += 1)}`)})`;
  });
  if (streams.length < store.streams.size)
    where.unshift(`stream IN (${streams.map(({ id }) => id).join(',')})`);
  if (rows) where.unshift(`rowid >= ${rows.fromRow} AND rowid < ${rows.toRow}`);
  const filter = [`ts >= ${fromNs} AND ts < ${toNs}`, ...where].join(' AND ');
  const parts = segments.map(({ number, schema }) => {
    const position = `${BigInt(number) << BigInt(POSITION_BITS)} + rowid AS position`;
    return `SELECT stream, ts, line, metadata, level, ${position} FROM ${schema}.lines WHERE ${filter}`;
  });
  return { sql: `(${parts.join(' UNION ALL ')})`, parameters };
}

/** Runs an aggregation over a scan: `select` is the SELECT list, `tail` what follows the source. */
export async function aggregate(
  connection: DuckDBConnection,
  source: SqlSource,
  select: string,
  tail: string,
): Promise<unknown[][]> {
  const result = await connection.runAndReadAll(`SELECT ${select} FROM ${source.sql} ${tail}`, [
    ...source.parameters,
  ]);
  return result.getRows();
}
