import type { DuckDBConnection } from '@duckdb/node-api';
import type { Segment } from './segment.ts';
import type { Stream } from './streams.ts';
import { isNewer } from './time-spans.ts';
import type { NewLines } from './writer.ts';

/**
 * The places of lines that repeat an earlier one of the batch or of the store: same stream, timestamp and
 * text. Only lines from a time in which their stream has lines can repeat a stored one, so an ordered push
 * costs no look-up.
 */
export async function findRepetitions(
  connection: DuckDBConnection,
  segments: readonly Segment[],
  separator: string,
  batch: NewLines,
): Promise<Set<number>> {
  const repeated = new Set<number>();
  const suspects = suspectsOf(batch, repeated);
  if (suspects.length === 0) return repeated;
  const timestamps = suspects.map((index) => batch.timestamps[index] as string);
  const oldest = BigInt(timestamps.reduce((a, b) => (isNewer(a, b) ? b : a)));
  const newest = BigInt(timestamps.reduce((a, b) => (isNewer(b, a) ? b : a)));
  const columns = [
    suspects.join(' '),
    suspects.map((index) => (batch.streams[index] as Stream).id).join(' '),
    timestamps.join(' '),
    suspects.map((index) => batch.lines[index] as string).join(separator),
    separator,
  ];
  for (const segment of segments) {
    if (segment.lines === 0 || segment.newestNs < oldest || segment.oldestNs > newest) continue;
    const found = await connection.runAndReadAll(
      `SELECT place FROM (SELECT unnest(string_split($1, ' '))::INTEGER AS place,
         unnest(string_split($2, ' '))::UINTEGER AS stream, unnest(string_split($3, ' '))::BIGINT AS ts,
         unnest(string_split($4, $5)) AS line) AS pushed
       SEMI JOIN (SELECT stream, ts, line FROM ${segment.schema}.lines WHERE ts BETWEEN ${oldest} AND ${newest}) AS stored
       USING (stream, ts, line)`,
      columns,
    );
    for (const [place] of found.getRows()) repeated.add(Number(place));
  }
  return repeated;
}

/** Marks repetitions within the batch, and answers which lines may repeat a stored one. */
function suspectsOf(batch: NewLines, repeated: Set<number>): number[] {
  const suspects: number[] = [];
  const newestInBatch = new Map<Stream, string>();
  let seen: Set<string> | null = null;
  for (const [index, timestamp] of batch.timestamps.entries()) {
    const stream = batch.streams[index] as Stream;
    const newest = newestInBatch.get(stream) ?? '';
    if (isNewer(timestamp, newest)) newestInBatch.set(stream, timestamp);
    else {
      seen ??= keysBefore(batch, index);
      if (seen.has(keyOf(batch, index))) {
        repeated.add(index);
        continue;
      }
    }
    seen?.add(keyOf(batch, index));
    if (stream.times.covers(timestamp)) suspects.push(index);
  }
  return suspects;
}

function keysBefore(batch: NewLines, end: number): Set<string> {
  const keys = new Set<string>();
  for (let index = 0; index < end; index += 1) keys.add(keyOf(batch, index));
  return keys;
}

const keyOf = (batch: NewLines, index: number): string =>
  `${(batch.streams[index] as Stream).id} ${batch.timestamps[index]} ${batch.lines[index]}`;
