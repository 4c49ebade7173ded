import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import { AppError } from '../../errors.ts';
import { toFileError } from './file-error.ts';
import { PROBE_BYTES, type LogFile } from './log-file.ts';

/** Lines that follow each other in a file. The first line of a file has number 1. */
export interface LineBatch {
  readonly firstLineNumber: number;
  readonly lines: readonly string[];
  /** How many of them were longer than the limit and are cut. */
  readonly cutLines: number;
}

/** A longer line is cut: it would be no line of a log. */
export const LINE_BYTES_MAX = 64 * 1024;
const CHUNK_BYTES = 128 * 1024;

/**
 * Streams a file's lines, some hundred at a time, without their line ends. Bytes that are no UTF-8 become U+FFFD.
 * `onProgress` gets the bytes read from the disk so far. Memory does not grow with the file.
 */
export async function* readLines(
  file: LogFile,
  onProgress: (bytesRead: number) => void = () => {},
): AsyncGenerator<LineBatch> {
  if (file.sizeBytes === 0) return;
  const splitter = new LineSplitter();
  const disk = createReadStream(file.path, { end: file.sizeBytes - 1, highWaterMark: CHUNK_BYTES });
  const source: Readable = file.isGzip ? pipeThrough(disk) : disk;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (file.isGzip && splitter.isAtStart) refusePackedBinary(file.name, chunk);
      const batch = splitter.split(chunk);
      onProgress(disk.bytesRead);
      if (batch.lines.length > 0) yield batch;
    }
    const rest = splitter.end();
    if (rest.lines.length > 0) yield rest;
  } catch (error) {
    throw toFileError(file.name, error);
  } finally {
    disk.destroy();
    source.destroy();
  }
}

function refusePackedBinary(name: string, start: Buffer): void {
  if (!start.subarray(0, PROBE_BYTES).includes(0)) return;
  const isArchive = /\.(?:tgz|tar\.gz)$/.test(name);
  throw new AppError(
    'invalid_request',
    isArchive
      ? `${name} is an archive of files. Pipe the logs in it in: tar -xzOf "${name}" | sonde analyze -`
      : `${name} holds a binary file, not a log. Give text or gzip of text.`,
  );
}

function pipeThrough(disk: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  disk.on('error', (error) => gunzip.destroy(error));
  return disk.pipe(gunzip);
}

/** Cuts chunks of bytes into lines; keeps the unfinished last line, at most LINE_BYTES_MAX of it. */
class LineSplitter {
  #next = 1;
  #rest: Buffer[] = [];
  #restBytes = 0;

  get isAtStart(): boolean {
    return this.#next === 1 && this.#restBytes === 0;
  }

  split(chunk: Buffer): LineBatch {
    const lines: string[] = [];
    let cutLines = 0;
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      if (this.#restBytes > 0) {
        this.#keep(chunk.subarray(start, end));
        if (this.#restBytes > LINE_BYTES_MAX) cutLines++;
        lines.push(this.#takeRest());
      } else {
        if (end - start > LINE_BYTES_MAX) cutLines++;
        lines.push(decode(chunk, start, end));
      }
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return this.#batch(lines, cutLines);
  }

  end(): LineBatch {
    const cutLines = this.#restBytes > LINE_BYTES_MAX ? 1 : 0;
    return this.#batch(this.#restBytes > 0 ? [this.#takeRest()] : [], cutLines);
  }

  #batch(lines: string[], cutLines: number): LineBatch {
    const firstLineNumber = this.#next;
    if (firstLineNumber === 1 && lines[0]?.charCodeAt(0) === BYTE_ORDER_MARK) lines[0] = lines[0].slice(1);
    this.#next += lines.length;
    return { firstLineNumber, lines, cutLines };
  }

  #keep(bytes: Buffer): void {
    const room = LINE_BYTES_MAX - this.#restBytes;
    if (room > 0) this.#rest.push(Buffer.from(bytes.subarray(0, room)));
    this.#restBytes += bytes.length;
  }

  #takeRest(): string {
    const bytes = Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    return decode(bytes, 0, bytes.length);
  }
}

const BYTE_ORDER_MARK = 0xfeff;

/** Each line is a string of its own, so that keeping one as evidence does not keep its whole chunk. */
function decode(bytes: Buffer, start: number, end: number): string {
  const cut = Math.min(end, start + LINE_BYTES_MAX);
  const textEnd = cut > start && bytes[cut - 1] === 13 ? cut - 1 : cut;
  return bytes.toString('utf8', start, textEnd);
}
