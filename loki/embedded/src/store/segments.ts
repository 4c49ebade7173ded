import type { DuckDBConnection } from '@duckdb/node-api';
import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { attachRepaired } from './repair.ts';
import { attach, finishSegment, loadSegment, type Segment } from './segment.ts';
import type { Streams } from './streams.ts';

const FILE_NAME = /^lines-(\d{6})\.duckdb$/;

/** The files of the store, oldest first; lines are added to the last. */
export class Segments {
  /** What was repaired when the files were opened. */
  readonly repairs: string[] = [];
  readonly #connection: DuckDBConnection;
  readonly #dataDir: string;
  readonly #streams: Streams;
  #all: readonly Segment[] = [];
  readonly #filled = new Set<Segment>();

  constructor(connection: DuckDBConnection, dataDir: string, streams: Streams) {
    this.#connection = connection;
    this.#dataDir = dataDir;
    this.#streams = streams;
  }

  get all(): readonly Segment[] {
    return this.#all;
  }

  get current(): Segment {
    const current = this.#all.at(-1);
    if (!current) throw new Error('the store is not open');
    return current;
  }

  async open(): Promise<void> {
    const names = await readdir(this.#dataDir);
    const numbers = names
      .map((name) => Number(FILE_NAME.exec(name)?.[1] ?? 0))
      .filter((number) => number > 0);
    const last = Math.max(1, ...numbers);
    for (const number of numbers.toSorted((a, b) => a - b)) await this.#add(number, number === last);
    if (this.#all.length === 0) await this.#add(1);
  }

  /** Segments that may hold lines of [fromNs, toNs). */
  between(fromNs: bigint, toNs: bigint): Segment[] {
    return this.#all.filter(
      ({ lines, oldestNs, newestNs }) => lines > 0 && oldestNs < toNs && newestNs >= fromNs,
    );
  }

  /** Closes the current segment for writing and starts the next. */
  async rollOver(): Promise<void> {
    const finished = this.current;
    await finishSegment(this.#connection, finished);
    await this.#add(finished.number + 1);
    this.#filled.add(finished);
  }

  /** Whether segments are open that were written to: the database keeps memory for those. */
  get holdsMemory(): boolean {
    return this.#filled.size > 0;
  }

  /** Gives that memory back; nothing may be reading. */
  async releaseMemory(): Promise<void> {
    for (const segment of this.#filled) {
      if (this.#all.includes(segment)) {
        await this.#connection.run(`DETACH DATABASE IF EXISTS ${segment.schema}`);
        await attach(this.#connection, segment.file, segment.schema);
      }
      this.#filled.delete(segment);
    }
  }

  /** New reads do not see the segment any more; its file is removed once `lastReads` have ended. */
  async remove(segment: Segment, lastReads: Promise<unknown>): Promise<void> {
    this.#all = this.#all.filter((other) => other !== segment);
    const known = new Set(this.#all.flatMap(({ streamIds }) => [...streamIds]));
    this.#streams.remove([...segment.streamIds].filter((id) => !known.has(id)));
    await lastReads;
    await this.#connection.run(`DETACH ${segment.schema}`);
    await rm(segment.file, { force: true });
    await rm(`${segment.file}.wal`, { force: true });
  }

  async bytes(): Promise<number> {
    const sizes = await Promise.all(this.#all.map(bytesOf));
    return sizes.reduce((total, size) => total + size, 0);
  }

  async #add(number: number, isLast = true): Promise<void> {
    const file = path.join(this.#dataDir, `lines-${String(number).padStart(6, '0')}.duckdb`);
    const schema = `segment_${number}`;
    try {
      this.repairs.push(...(await attachRepaired(this.#connection, file, schema)));
      const segment = await loadSegment(this.#connection, file, number, this.#streams, isLast);
      await syncFolder(this.#dataDir);
      this.#all = [...this.#all, segment];
    } catch (error) {
      await this.#connection.run(`DETACH DATABASE IF EXISTS ${schema}`).catch(() => undefined);
      throw error;
    }
  }
}

export async function bytesOf({ file }: Segment): Promise<number> {
  const sizes = await Promise.all(
    [file, `${file}.wal`].map((name) =>
      stat(name).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((total, size) => total + size, 0);
}

/** A file that was just made survives a power loss only when its folder is on disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
