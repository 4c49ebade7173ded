import type { DuckDBConnection } from '@duckdb/node-api';
import { findRepetitions } from './repetitions.ts';
import { POSITION_BITS, widen, type Segment } from './segment.ts';
import type { Segments } from './segments.ts';
import { labelsTextOf, type Stream } from './streams.ts';
import { isNewer } from './time-spans.ts';

/** Lines to store, one array a column; timestamps are decimal digits, metadata is JSON text or empty. */
export type NewLines = {
  readonly streams: Stream[];
  readonly timestamps: string[];
  readonly lines: string[];
  readonly metadata: string[];
  readonly levels: string[];
};

export const emptyLines = (): NewLines => ({
  streams: [],
  timestamps: [],
  lines: [],
  metadata: [],
  levels: [],
});

type Waiting = {
  readonly lines: NewLines;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

type WriterOptions = {
  readonly connection: DuckDBConnection;
  readonly separator: string;
  readonly segments: Segments;
  readonly segmentLinesMax: number;
};

const COMMIT_LINES_MAX = 12_000;
const DELETE_LINES_MAX = 100_000;

/** Commits what concurrent pushes bring as one transaction: a push is answered after the sync to disk. */
export class Writer {
  readonly #options: WriterOptions;
  readonly #waiting: Waiting[] = [];
  readonly #listeners = new Set<(lines: NewLines) => void>();
  #running: Promise<void> | null = null;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  onCommitted(listener: (lines: NewLines) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  append(lines: NewLines): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the store is closed'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ lines, resolve, reject });
      this.#running ??= this.#commitAll();
    });
  }

  /** Removes the lines that `find` answers; no other change comes in between. */
  remove(find: (connection: DuckDBConnection) => Promise<readonly bigint[]>): Promise<void> {
    const { connection, segments } = this.#options;
    return this.exclusively(async () => {
      const bySegment = Map.groupBy(await find(connection), (position) =>
        Number(position >> BigInt(POSITION_BITS)),
      );
      for (const { number, schema } of segments.all) {
        const rows = (bySegment.get(number) ?? []).map((position) => BigInt.asUintN(POSITION_BITS, position));
        for (let from = 0; from < rows.length; from += DELETE_LINES_MAX)
          await connection.run(
            `DELETE FROM ${schema}.lines WHERE rowid IN (SELECT unnest(string_split($1, ' '))::BIGINT)`,
            [rows.slice(from, from + DELETE_LINES_MAX).join(' ')],
          );
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await this.#turn;
    this.#options.connection.closeSync();
  }

  /** Changes to the files happen one after the other. */
  async exclusively(change: (connection: DuckDBConnection) => Promise<unknown>): Promise<void> {
    const before = this.#turn;
    const done = Promise.withResolvers<void>();
    this.#turn = done.promise;
    await before;
    try {
      await change(this.#options.connection);
    } finally {
      done.resolve();
    }
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.exclusively(() => this.#commit(merge(batch.map((waiting) => waiting.lines))));
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.#running = null;
  }

  #takeBatch(): Waiting[] {
    let lines = 0;
    let count = 0;
    while (count < this.#waiting.length && (count === 0 || lines < COMMIT_LINES_MAX)) {
      lines += this.#waiting[count]?.lines.lines.length ?? 0;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(pushed: NewLines): Promise<void> {
    const { connection, segments, segmentLinesMax } = this.#options;
    const lines = await this.#withoutRepetitions(pushed);
    if (lines.lines.length === 0) return;
    if (segments.current.lines >= segmentLinesMax) await segments.rollOver();
    const segment = segments.current;
    const newStreams = [...new Set(lines.streams)].filter(({ id }) => !segment.streamIds.has(id));
    await connection.run('BEGIN');
    try {
      if (newStreams.length > 0) await this.#insertStreams(segment, newStreams);
      await this.#insertLines(segment, lines);
      await connection.run('COMMIT');
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
    for (const { id } of newStreams) segment.streamIds.add(id);
    noteTimes(segment, lines);
    for (const listener of this.#listeners) listener(lines);
  }

  async #withoutRepetitions(pushed: NewLines): Promise<NewLines> {
    const { connection, segments } = this.#options;
    const repeated = await findRepetitions(connection, segments.all, this.#options.separator, pushed);
    if (repeated.size === 0) return pushed;
    const keep = <T>(column: T[]): T[] => column.filter((_, index) => !repeated.has(index));
    return {
      streams: keep(pushed.streams),
      timestamps: keep(pushed.timestamps),
      lines: keep(pushed.lines),
      metadata: keep(pushed.metadata),
      levels: keep(pushed.levels),
    };
  }

  async #insertStreams({ schema }: Segment, streams: readonly Stream[]): Promise<void> {
    const { connection, separator } = this.#options;
    await connection.run(
      `INSERT INTO ${schema}.streams SELECT id::UINTEGER, tenant, labels FROM (SELECT
        unnest(string_split($1, ' ')) AS id, unnest(string_split($2, $4)) AS tenant,
        unnest(string_split($3, $4)) AS labels)`,
      [
        streams.map(({ id }) => id).join(' '),
        streams.map(({ tenant }) => tenant).join(separator),
        streams.map(({ labels }) => labelsTextOf(labels)).join(separator),
        separator,
      ],
    );
  }

  async #insertLines(segment: Segment, lines: NewLines): Promise<void> {
    const { separator } = this.#options;
    await this.#options.connection.run(
      `INSERT INTO ${segment.schema}.lines SELECT stream::UINTEGER, ts::BIGINT, line, metadata, level FROM (SELECT
        unnest(string_split($1, ' ')) AS stream, unnest(string_split($2, ' ')) AS ts,
        unnest(string_split($3, $6)) AS line, unnest(string_split($4, $6)) AS metadata,
        unnest(string_split($5, $6)) AS level)`,
      [
        lines.streams.map((stream) => stream.id).join(' '),
        lines.timestamps.join(' '),
        lines.lines.join(separator),
        lines.metadata.join(separator),
        lines.levels.join(separator),
        separator,
      ],
    );
  }
}

function noteTimes(segment: Segment, { streams, timestamps }: NewLines): void {
  const ends = new Map<Stream, { oldest: string; newest: string }>();
  for (const [index, timestamp] of timestamps.entries()) {
    const stream = streams[index] as Stream;
    const known = ends.get(stream);
    if (!known) ends.set(stream, { oldest: timestamp, newest: timestamp });
    else if (isNewer(timestamp, known.newest)) known.newest = timestamp;
    else if (isNewer(known.oldest, timestamp)) known.oldest = timestamp;
  }
  for (const [stream, { oldest, newest }] of ends) {
    stream.times.add(oldest, newest);
    widen(segment, BigInt(oldest), BigInt(newest));
  }
  segment.lines += timestamps.length;
  segment.rows += timestamps.length;
}

function merge(batches: readonly NewLines[]): NewLines {
  const [only] = batches;
  if (only && batches.length === 1) return only;
  return {
    streams: batches.flatMap((batch) => batch.streams),
    timestamps: batches.flatMap((batch) => batch.timestamps),
    lines: batches.flatMap((batch) => batch.lines),
    metadata: batches.flatMap((batch) => batch.metadata),
    levels: batches.flatMap((batch) => batch.levels),
  };
}
