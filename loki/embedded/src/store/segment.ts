import type { DuckDBConnection } from '@duckdb/node-api';
import { stat } from 'node:fs/promises';
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
  readonly createdAtMs: number;
  /** The streams that the file knows. */
  readonly streamIds: Set<number>;
  lines: number;
  /** One more than the highest row number. */
  rows: number;
  /** Time range of the lines; empty segments have oldest > newest. */
  oldestNs: bigint;
  newestNs: bigint;
};

/** A line's position is the number of its segment before this many bits of its row. */
export const POSITION_BITS = 40;

export const attach = (connection: DuckDBConnection, file: string, schema: string): Promise<unknown> =>
  connection.run(`ATTACH '${file.replaceAll("'", "''")}' AS ${schema}`);

/**
 * Makes the tables of an attached file where they are missing, and reads what it holds. Lines may have been
 * added to the last file after it was summed up.
 */
export async function loadSegment(
  connection: DuckDBConnection,
  file: string,
  number: number,
  streams: Streams,
  isLast: boolean,
): Promise<Segment> {
  const schema = `segment_${number}`;
  await connection.run(`
    CREATE TABLE IF NOT EXISTS ${schema}.streams (id UINTEGER, tenant VARCHAR, labels VARCHAR);
    CREATE TABLE IF NOT EXISTS ${schema}.lines (stream UINTEGER, ts BIGINT, line VARCHAR, metadata VARCHAR, level VARCHAR);
  `);
  const { birthtimeMs: createdAtMs } = await stat(file);
  const streamIds = new Set<number>();
  const segment: Segment = {
    number,
    file,
    schema,
    createdAtMs,
    streamIds,
    lines: 0,
    rows: 0,
    oldestNs: 1n,
    newestNs: 0n,
  };
  const known = await connection.runAndReadAll(
    `SELECT id, tenant, labels FROM ${schema}.streams ORDER BY id`,
  );
  for (const [id, tenant, labels] of known.getRows() as [number, string, string][]) {
    streams.restore(id, tenant, labels);
    streamIds.add(id);
  }
  await loadTimes(connection, segment, streams, isLast);
  const rows = await connection.runAndReadAll(`SELECT coalesce(max(rowid) + 1, 0) FROM ${schema}.lines`);
  segment.rows = Number(rows.getRows()[0]?.[0] ?? 0);
  return segment;
}

async function loadTimes(
  connection: DuckDBConnection,
  segment: Segment,
  streams: Streams,
  isLast: boolean,
): Promise<void> {
  const { schema } = segment;
  const finished = await connection.runAndReadAll(
    `SELECT count(*) FROM duckdb_tables() WHERE database_name = '${schema}' AND table_name = 'summary'`,
  );
  const isFinished = !isLast && finished.getRows()[0]?.[0] === 1n;
  const times = await connection.runAndReadAll(isFinished ? `FROM ${schema}.summary` : summaryOf(schema));
  for (const [id, lines, oldest, newest] of times.getRows() as [number, bigint, bigint, bigint][]) {
    streams.byId(id).times.add(String(oldest), String(newest));
    widen(segment, oldest, newest);
    segment.lines += Number(lines);
  }
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
