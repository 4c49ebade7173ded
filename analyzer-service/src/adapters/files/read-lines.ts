import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import { AppError } from '../../errors.ts';
import { LineSplitter, type LineBatch } from '../../engine/formats/line-splitter.ts';
import { toFileError } from './file-error.ts';
import { PROBE_BYTES, type LogFile } from './log-file.ts';

const CHUNK_BYTES = 128 * 1024;

/** Streams a file's lines, some hundred at a time, without their line ends. Bytes that are no UTF-8 become U+FFFD. */
export async function* readLines(
  file: LogFile,
  onProgress: (bytesRead: number) => void = () => {},
): AsyncGenerator<LineBatch> {
  const splitter = new LineSplitter();
  for await (const chunk of readChunks(file, onProgress)) {
    const batch = splitter.split(chunk);
    if (batch.lines.length > 0) yield batch;
  }
  const rest = splitter.end();
  if (rest.lines.length > 0) yield rest;
}

/**
 * Streams a file's bytes, unpacked. `onProgress` gets the bytes read from the disk so far. Memory does not grow with
 * the file. Throws `invalid_request` for what cannot be read.
 */
export async function* readChunks(
  file: LogFile,
  onProgress: (bytesRead: number) => void = () => {},
): AsyncGenerator<Buffer> {
  if (file.sizeBytes === 0) return;
  const disk = createReadStream(file.path, { end: file.sizeBytes - 1, highWaterMark: CHUNK_BYTES });
  const source: Readable = file.isGzip ? pipeThrough(disk) : disk;
  let isAtStart = true;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (file.isGzip && isAtStart) refusePackedBinary(file.name, chunk);
      isAtStart = false;
      onProgress(disk.bytesRead);
      yield chunk;
    }
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
