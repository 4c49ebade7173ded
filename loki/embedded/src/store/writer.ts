import type { DuckDBConnection } from '@duckdb/node-api';
import { randomBytes } from 'node:crypto';
import { findRepetitions } from './repetitions.ts';
import { attachSegment, POSITION_BITS, widen, type Segment } from './segment.ts';
import { isNewer, labelsTextOf, type Stream, type Streams } from './streams.ts';

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
  readonly dataDir: string;
  readonly streams: Streams;
  readonly segments: Segment[];
  readonly segmentLinesMax: number;
};

const COMMIT_LINES_MAX = 50_000;
const DELETE_LINES_MAX = 100_000;

/** Commits what concurrent pushes bring as one transaction: a push is answered after the sync to disk. */
export class Writer {
  readonly #options: WriterOptions;
  /** Columns travel to the database as one text each; no line can contain a separator nobody knows. */
  readonly #separator = `\u001e${randomBytes(6).toString('hex')}`;
  readonly #waiting: Waiting[] = [];
  readonly #listeners = new Set<(lines: NewLines) => void>();
  readonly #storedStreams = new Set<number>();
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
      this.#running ??= this.#commitAll().finally(() => {
        this.#running = null;
      });
    });
  }

  remove(positions: readonly bigint[]): Promise<void> {
    const bySegment = Map.groupBy(positions, (position) => Number(position >> BigInt(POSITION_BITS)));
    return this.#exclusively(async () => {
      for (const { number, schema } of this.#options.segments) {
        const rows = (bySegment.get(number) ?? []).map((position) => BigInt.asUintN(POSITION_BITS, position));
        for (let from = 0; from < rows.length; from += DELETE_LINES_MAX)
          await this.#options.connection.run(
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
  #exclusively(change: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#exclusively(() => this.#commit(merge(batch.map((waiting) => waiting.lines))));
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
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
    const { connection, segments } = this.#options;
    const lines = await this.#withoutRepetitions(pushed);
    if (lines.lines.length === 0) return;
    const segment = await this.#currentSegment();
    await connection.run('BEGIN');
    try {
      await this.#insertStreams(segment, lines);
      await this.#insertLines(segment, lines);
      await connection.run('COMMIT');
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => undefined);
      for (const stream of lines.streams) this.#storedStreams.delete(stream.id);
      throw error;
    }
    this.#noteTimes(segment, lines);
    if (segment !== segments.at(-1)) throw new Error('lines were written to a finished segment');
    for (const listener of this.#listeners) listener(lines);
  }

  async #withoutRepetitions(pushed: NewLines): Promise<NewLines> {
    const { connection, segments } = this.#options;
    const repeated = await findRepetitions(connection, segments, this.#separator, pushed);
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

  async #currentSegment(): Promise<Segment> {
    const { connection, dataDir, segments, segmentLinesMax } = this.#options;
    const current = segments.at(-1);
    if (current && current.lines < segmentLinesMax) return current;
    if (current) await connection.run(`CHECKPOINT ${current.schema}`);
    const segment = await attachSegment(connection, dataDir, (current?.number ?? 0) + 1);
    segments.push(segment);
    this.#storedStreams.clear();
    return segment;
  }

  async #insertStreams(segment: Segment, { streams }: NewLines): Promise<void> {
    const added = [...new Set(streams)].filter((stream) => !this.#storedStreams.has(stream.id));
    for (const stream of added) {
      await this.#options.connection.run(
        `INSERT INTO ${segment.schema}.streams VALUES ($1::UINTEGER, $2, $3)`,
        [stream.id, stream.tenant, labelsTextOf(stream.labels)],
      );
      this.#storedStreams.add(stream.id);
    }
  }

  async #insertLines(segment: Segment, lines: NewLines): Promise<void> {
    const separator = this.#separator;
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

  #noteTimes(segment: Segment, { streams, timestamps }: NewLines): void {
    let oldest = timestamps[0] ?? '0';
    let newest = oldest;
    for (const [index, timestamp] of timestamps.entries()) {
      const stream = streams[index] as Stream;
      if (isNewer(timestamp, stream.newestNs)) stream.newestNs = timestamp;
      if (isNewer(timestamp, newest)) newest = timestamp;
      else if (isNewer(oldest, timestamp)) oldest = timestamp;
    }
    widen(segment, timestamps.length, BigInt(oldest), BigInt(newest));
  }
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
