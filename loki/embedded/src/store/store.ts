import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdir, readdir } from 'node:fs/promises';
import { LokiError } from '../errors.ts';
import { attachSegment, readSegment, segmentNumberOf, type Segment } from './segment.ts';
import { Streams } from './streams.ts';
import { Writer, type NewLines } from './writer.ts';

export type StoreOptions = {
  readonly dataDir: string;
  readonly memoryMegabytes: number;
  readonly segmentLinesMax: number;
};

/** The lines on disk. One process opens a data folder at a time. */
export class Store {
  readonly streams: Streams;
  readonly #instance: DuckDBInstance;
  readonly #segments: Segment[];
  readonly #writer: Writer;

  private constructor(instance: DuckDBInstance, streams: Streams, segments: Segment[], writer: Writer) {
    this.#instance = instance;
    this.streams = streams;
    this.#segments = segments;
    this.#writer = writer;
  }

  static async open({ dataDir, memoryMegabytes, segmentLinesMax }: StoreOptions): Promise<Store> {
    await mkdir(dataDir, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${memoryMegabytes}MB`,
      temp_directory: `${dataDir}/spill`,
      checkpoint_threshold: '32MB',
      preserve_insertion_order: 'true',
    });
    try {
      const connection = await instance.connect();
      const streams = new Streams();
      const numbers = (await readdir(dataDir)).map(segmentNumberOf).filter((number) => number !== null);
      if (numbers.length === 0) numbers.push(1);
      const segments: Segment[] = [];
      for (const number of numbers.toSorted((a, b) => a - b)) {
        const segment = await attachSegment(connection, dataDir, number);
        await readSegment(connection, segment, streams);
        segments.push(segment);
      }
      const writer = new Writer({ connection, dataDir, streams, segments, segmentLinesMax });
      return new Store(instance, streams, segments, writer);
    } catch (cause) {
      instance.closeSync();
      throw openingError(dataDir, cause);
    }
  }

  /** Resolves when the lines are on disk; repetitions of stored lines are left out. */
  append(lines: NewLines): Promise<void> {
    return this.#writer.append(lines);
  }

  get lines(): number {
    return this.#segments.reduce((total, segment) => total + segment.lines, 0);
  }

  /** Removes lines by the positions that a scan gave. */
  remove(positions: readonly bigint[]): Promise<void> {
    return this.#writer.remove(positions);
  }

  onCommitted(listener: (lines: NewLines) => void): () => void {
    return this.#writer.onCommitted(listener);
  }

  /** Segments that may hold lines of [fromNs, toNs). */
  segmentsBetween(fromNs: bigint, toNs: bigint): Segment[] {
    return this.#segments.filter(
      (segment) => segment.lines > 0 && segment.oldestNs < toNs && segment.newestNs >= fromNs,
    );
  }

  /** Runs a query on a connection of its own, which is interrupted when the signal fires. */
  async read<T>(signal: AbortSignal, run: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
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

  async close(): Promise<void> {
    await this.#writer.close();
    this.#instance.closeSync();
  }
}

function openingError(dataDir: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/lock/i.test(reason))
    return new LokiError(
      500,
      `the data folder ${dataDir} is in use by another process: stop it or choose another folder`,
      { cause },
    );
  if (/no space|disk full/i.test(reason))
    return new LokiError(500, `the disk of ${dataDir} is full: free some space and start again`, { cause });
  return new LokiError(500, `the data folder ${dataDir} cannot be opened: ${reason}`, { cause });
}
