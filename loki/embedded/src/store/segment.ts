import type { DuckDBConnection } from '@duckdb/node-api';
import path from 'node:path';
import type { Streams } from './streams.ts';

/**
 * A part of the stored lines in a database file of its own, in order of arrival. Retention removes whole
 * files, which gives their space back at once.
 */
export type Segment = {
  readonly number: number;
  readonly file: string;
  /** The name under which the file is attached. */
  readonly schema: string;
  lines: number;
  /** One more than the highest row number. */
  rows: number;
  /** Time range of the lines; empty segments have oldest > newest. */
  oldestNs: bigint;
  newestNs: bigint;
};

/** A line's position is the number of its segment before this many bits of its row. */
export const POSITION_BITS = 40;

const FILE_NAME = /^lines-(\d{6})\.duckdb$/;

export function segmentNumberOf(fileName: string): number | null {
  const match = FILE_NAME.exec(fileName);
  return match ? Number(match[1]) : null;
}

export async function attachSegment(
  connection: DuckDBConnection,
  dataDir: string,
  number: number,
): Promise<Segment> {
  const file = path.join(dataDir, `lines-${String(number).padStart(6, '0')}.duckdb`);
  const schema = `segment_${number}`;
  await connection.run(`ATTACH ${quoted(file)} AS ${schema}`);
  await connection.run(`
    CREATE TABLE IF NOT EXISTS ${schema}.streams (id UINTEGER, tenant VARCHAR, labels VARCHAR);
    CREATE TABLE IF NOT EXISTS ${schema}.lines (stream UINTEGER, ts BIGINT, line VARCHAR, metadata VARCHAR, level VARCHAR);
  `);
  return { number, file, schema, lines: 0, rows: 0, oldestNs: 1n, newestNs: 0n };
}

/** Reads which streams a segment holds, and the times of their lines. */
export async function readSegment(
  connection: DuckDBConnection,
  segment: Segment,
  streams: Streams,
): Promise<void> {
  const { schema } = segment;
  const known = await connection.runAndReadAll(
    `SELECT id, tenant, labels FROM ${schema}.streams ORDER BY id`,
  );
  for (const [id, tenant, labels] of known.getRows() as [number, string, string][])
    streams.restore(id, tenant, labels);
  const finished = await connection.runAndReadAll(
    `SELECT count(*) FROM duckdb_tables() WHERE database_name = '${schema}' AND table_name = 'summary'`,
  );
  const isFinished = finished.getRows()[0]?.[0] === 1n;
  const spans = await connection.runAndReadAll(isFinished ? `FROM ${schema}.summary` : summaryOf(schema));
  for (const [id, lines, oldest, newest] of spans.getRows() as [number, bigint, bigint, bigint][]) {
    streams.byId(id).times.add(String(oldest), String(newest));
    widen(segment, oldest, newest);
    segment.lines += Number(lines);
  }
  const rows = await connection.runAndReadAll(`SELECT coalesce(max(rowid) + 1, 0) FROM ${schema}.lines`);
  segment.rows = Number(rows.getRows()[0]?.[0] ?? 0);
}

/** Writes down what a full segment holds, so that the next start need not read it. */
export async function finishSegment(connection: DuckDBConnection, { schema }: Segment): Promise<void> {
  await connection.run(`CREATE OR REPLACE TABLE ${schema}.summary AS ${summaryOf(schema)}`);
  await connection.run(`CHECKPOINT ${schema}`);
}

const summaryOf = (schema: string): string =>
  `SELECT stream, count(*) AS lines, min(ts) AS oldest, max(ts) AS newest FROM ${schema}.lines GROUP BY stream`;

export function widen(segment: Segment, oldestNs: bigint, newestNs: bigint): void {
  const isEmpty = segment.oldestNs > segment.newestNs;
  if (isEmpty || oldestNs < segment.oldestNs) segment.oldestNs = oldestNs;
  if (isEmpty || newestNs > segment.newestNs) segment.newestNs = newestNs;
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
