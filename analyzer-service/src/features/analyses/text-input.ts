import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { LogInput } from '../../engine/analysis/log-input.ts';
import { AppError } from '../../errors.ts';
import { nextTurn } from '../../turns.ts';

export interface TextFile {
  readonly name: string;
  readonly content: Buffer;
}

/** Some 10 ms of work for the engine. */
const CHUNK_BYTES = 64 * 1024;
/** Batches that are spread over a log when it is surveyed. */
const SAMPLES_MAX = 64;
const PROBE_BYTES = 8_192;

/** A log in memory, packed or not. Throws `invalid_request` when it is no text, `body_too_large` when it unpacks to more. */
export async function textInput(file: TextFile, bytesMax: number, modifiedMs: number): Promise<LogInput> {
  const content = isGzip(file.content) ? await unpack(file, bytesMax) : file.content;
  if (content.subarray(0, PROBE_BYTES).includes(0))
    throw new AppError(
      'invalid_request',
      `${file.name} is no text. Give plain text, or text packed with gzip.`,
    );
  return {
    name: file.name,
    sizeBytes: content.length,
    modifiedMs,
    read: (onProgress) => chunksOf(content, onProgress),
    sample: (onProgress) => samplesOf(content, onProgress),
  };
}

async function* chunksOf(content: Buffer, onProgress: (bytes: number) => void) {
  for (let from = 0; from < content.length; from += CHUNK_BYTES) {
    yield content.subarray(from, from + CHUNK_BYTES);
    onProgress(Math.min(content.length, from + CHUNK_BYTES));
    await nextTurn();
  }
}

/** All of a small log; evenly spaced parts of a large one, always with its first and its last lines. */
async function* samplesOf(content: Buffer, onProgress: (bytes: number) => void) {
  const chunks = Math.ceil(content.length / CHUNK_BYTES);
  const parts = Math.min(chunks, SAMPLES_MAX);
  for (let part = 0; part < parts; part++) {
    const start =
      parts === chunks
        ? part * CHUNK_BYTES
        : Math.floor(((content.length - CHUNK_BYTES) * part) / (parts - 1));
    const lines = content.toString('utf8', start, start + CHUNK_BYTES).split('\n');
    onProgress(start + CHUNK_BYTES);
    // The borders of a part cut through lines, which then only lose their time.
    yield lines.slice(part === 0 ? 0 : 1);
    await nextTurn();
  }
}

function isGzip(content: Buffer): boolean {
  return content[0] === 0x1f && content[1] === 0x8b;
}

async function unpack({ name, content }: TextFile, bytesMax: number): Promise<Buffer> {
  try {
    return await promisify(gunzip)(content, { maxOutputLength: bytesMax });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new AppError(
        'body_too_large',
        `${name} unpacks to more than ${bytesMax} bytes. Send less, or raise ANALYSIS_BYTES_MAX.`,
        { cause: error },
      );
    throw new AppError(
      'invalid_request',
      `${name} cannot be unpacked: ${(error as Error).message}. Pack it again with gzip.`,
      { cause: error },
    );
  }
}
