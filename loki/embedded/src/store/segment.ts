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
  return { number, file, schema, lines: 0, oldestNs: 1n, newestNs: 0n };
}

/** Reads which streams a segment holds, and the time range of its lines. */
export async function readSegment(
  connection: DuckDBConnection,
  segment: Segment,
  streams: Streams,
): Promise<void> {
  const { schema } = segment;
  const rows = await connection.runAndReadAll(`
    SELECT s.id, any_value(s.tenant), any_value(s.labels), count(l.ts), min(l.ts), max(l.ts)
    FROM ${schema}.streams s LEFT JOIN ${schema}.lines l ON l.stream = s.id GROUP BY s.id ORDER BY s.id`);
  for (const [id, tenant, labels, count, oldest, newest] of rows.getRows() as [
    number,
    string,
    string,
    bigint,
    bigint | null,
    bigint | null,
  ][]) {
    streams.restore(id, tenant, labels, newest === null ? '' : String(newest));
    if (oldest !== null && newest !== null) widen(segment, Number(count), oldest, newest);
  }
}

export function widen(segment: Segment, lines: number, oldestNs: bigint, newestNs: bigint): void {
  const isEmpty = segment.lines === 0;
  segment.oldestNs = isEmpty || oldestNs < segment.oldestNs ? oldestNs : segment.oldestNs;
  segment.newestNs = isEmpty || newestNs > segment.newestNs ? newestNs : segment.newestNs;
  segment.lines += lines;
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
