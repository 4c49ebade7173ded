import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { LokiError } from '../errors.ts';
import { MemoryTrim } from './memory-trim.ts';
import type { Segment } from './segment.ts';
import { Segments } from './segments.ts';
import { Streams } from './streams.ts';
import { Writer, type NewLines } from './writer.ts';

export type StoreOptions = {
  readonly dataDir: string;
  readonly memoryMegabytes: number;
  readonly segmentLinesMax: number;
};

/** How much of a segment's log is kept before it goes into the file. */
const CHECKPOINT_THRESHOLD = '16MB';
/** Up to so many lines are first chosen by time, and only then read whole: a third of the time of reading while sorting. */
const CHOSEN_FIRST_MAX = '20000';

/** The lines on disk. One process opens a data folder at a time. */
export class Store {
  readonly streams: Streams;
  readonly segments: Segments;
  /** Stands between values that travel as one text; no line can contain what nobody knows. */
  readonly separator: string;
  readonly #instance: DuckDBInstance;
  readonly #writer: Writer;
  readonly #release: () => void;
  readonly #memoryTrim: MemoryTrim;
  readonly #reads = new Set<Promise<unknown>>();
  #releasing: Promise<void> | null = null;

  private constructor(parts: {
    readonly instance: DuckDBInstance;
    readonly streams: Streams;
    readonly segments: Segments;
    readonly separator: string;
    readonly writer: Writer;
    readonly release: () => void;
    readonly memoryMegabytes: number;
  }) {
    this.#instance = parts.instance;
    this.streams = parts.streams;
    this.segments = parts.segments;
    this.separator = parts.separator;
    this.#writer = parts.writer;
    this.#release = parts.release;
    this.#memoryTrim = new MemoryTrim(() =>
      this.#writer.exclusively((connection) =>
        connection.run(`SET memory_limit = '${parts.memoryMegabytes}MB'`),
      ),
    );
  }

  static async open({ dataDir, memoryMegabytes, segmentLinesMax }: StoreOptions): Promise<Store> {
    const release = holdFolder(dataDir);
    try {
      await mkdir(dataDir, { recursive: true });
      const spillDir = path.join(dataDir, 'spill');
      await rm(spillDir, { recursive: true, force: true });
      const instance = await DuckDBInstance.create(':memory:', {
        memory_limit: `${memoryMegabytes}MB`,
        temp_directory: spillDir,
        checkpoint_threshold: CHECKPOINT_THRESHOLD,
        late_materialization_max_rows: CHOSEN_FIRST_MAX,
      });
      const connection = await instance.connect();
      const streams = new Streams();
      const segments = new Segments(connection, dataDir, streams);
      await segments.open();
      const separator = `\u001e${randomBytes(6).toString('hex')}`;
      const writer = new Writer({ connection, separator, segments, segmentLinesMax });
      return new Store({ instance, streams, segments, separator, writer, release, memoryMegabytes });
    } catch (cause) {
      release();
      throw openingError(dataDir, cause);
    }
  }

  get lines(): number {
    return this.segments.all.reduce((total, segment) => total + segment.lines, 0);
  }

  /** Resolves when the lines are on disk; repetitions of stored lines are left out. */
  async append(lines: NewLines): Promise<void> {
    await this.#writer.append(lines);
    this.#memoryTrim.note(lines.lines.length);
    this.#releaseMemory();
  }

  onCommitted(listener: (lines: NewLines) => void): () => void {
    return this.#writer.onCommitted(listener);
  }

  /** Removes the lines at the positions that `find` answers. */
  remove(find: (connection: DuckDBConnection) => Promise<readonly bigint[]>): Promise<void> {
    return this.#writer.remove(find);
  }

  rollOver(): Promise<void> {
    return this.#writer.exclusively(() => this.segments.rollOver());
  }

  removeSegment(segment: Segment): Promise<void> {
    return this.segments.remove(segment, Promise.allSettled(this.#reads));
  }

  /** Removes the lines of a segment before an instant. */
  removeBefore(segment: Segment, beforeNs: bigint): Promise<void> {
    return this.#writer.exclusively(async (connection) => {
      await connection.run(`DELETE FROM ${segment.schema}.lines WHERE ts < ${beforeNs}`);
      segment.oldestNs = beforeNs;
    });
  }

  /** Runs a query on a connection of its own, which is interrupted when the signal fires. */
  async read<T>(signal: AbortSignal, run: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    while (this.#releasing) await this.#releasing;
    const reading = this.#read(signal, run);
    this.#reads.add(reading);
    try {
      return await reading;
    } finally {
      this.#reads.delete(reading);
      this.#memoryTrim.note(0);
      this.#releaseMemory();
    }
  }

  async close(): Promise<void> {
    this.#memoryTrim.stop();
    await this.#writer.close();
    await Promise.allSettled(this.#reads);
    this.#instance.closeSync();
    this.#release();
  }

  /** Between two reads, while a new one waits. */
  #releaseMemory(): void {
    if (!this.segments.holdsMemory || this.#reads.size > 0 || this.#releasing) return;
    this.#releasing = this.#writer
      .exclusively(() => this.segments.releaseMemory())
      .catch(() => undefined)
      .finally(() => {
        this.#releasing = null;
      });
  }

  async #read<T>(signal: AbortSignal, run: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const connection = await this.#instance.connect();
    const interrupt = (): void => connection.interrupt();
    signal.addEventListener('abort', interrupt);
    try {
      return await run(connection);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
  }
}

function openingError(dataDir: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/lock/i.test(reason)) return inUse(dataDir, cause);
  if (/no space|disk full/i.test(reason))
    return new LokiError(500, `the disk of ${dataDir} is full: free some space and start again`, { cause });
  return new LokiError(500, `the data folder ${dataDir} cannot be opened: ${reason}`, { cause });
}

/** A lock on the files keeps other processes out, but not a second store of this one. */
const heldFolders = new Set<string>();

function holdFolder(dataDir: string): () => void {
  const folder = path.resolve(dataDir);
  if (heldFolders.has(folder)) throw inUse(dataDir);
  heldFolders.add(folder);
  return () => heldFolders.delete(folder);
}

const inUse = (dataDir: string, cause?: unknown): Error =>
  new LokiError(
    500,
    `the data folder ${dataDir} is in use: stop the store that uses it or choose another folder`,
    { cause },
  );
