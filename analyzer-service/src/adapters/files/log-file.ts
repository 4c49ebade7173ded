import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../errors.ts';
import { toFileError } from './file-error.ts';

/** A file that can be read as often as wanted, each time with the same content. */
export interface LogFile extends AsyncDisposable {
  /** As the user gave it; `stdin` for standard input. */
  readonly name: string;
  readonly path: string;
  /** Bytes on disk when it was opened; what is appended later is not read. */
  readonly sizeBytes: number;
  readonly isGzip: boolean;
  /** Milliseconds since the epoch of the last change. */
  readonly modifiedMs: number;
}

/** How many bytes from the start tell text from anything else. */
export const PROBE_BYTES = 8192;

/**
 * Opens one file for analysis. `-` is standard input. What can be read only once (standard input, a pipe) is
 * first written to a temporary file, which disposing removes.
 * Throws an AppError when it is missing, unreadable, a directory or not text.
 */
export async function openLogFile(name: string, stdin: Readable): Promise<LogFile> {
  try {
    return name === '-' ? await copyOnce('stdin', stdin) : await openPath(name);
  } catch (error) {
    throw toFileError(name === '-' ? 'Standard input' : name, error);
  }
}

async function openPath(name: string): Promise<LogFile> {
  await using handle = await open(name, 'r');
  const stat = await handle.stat();
  if (stat.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  if (stat.isCharacterDevice() || stat.isBlockDevice())
    throw new AppError(
      'invalid_request',
      `${name} is a device, not a log. Give a file, or - for standard input.`,
    );
  if (!stat.isFile()) return copyOnce(name, createReadStream(name));
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, 0);
  const isGzip = checkContent(name, buffer.subarray(0, bytesRead));
  return {
    name,
    path: name,
    sizeBytes: stat.size,
    isGzip,
    modifiedMs: stat.mtimeMs,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function copyOnce(name: string, source: Readable): Promise<LogFile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sonde-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const copy = path.join(folder, 'input');
    await pipeline(source, createWriteStream(copy, { mode: 0o600 }));
    const file = await openPath(copy);
    return { ...file, name, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Answers whether it is gzip; throws when it is something else than text. */
function checkContent(name: string, start: Buffer): boolean {
  if (start[0] === 0x1f && start[1] === 0x8b) return true;
  const packed = PACKED.find(({ magic }) => start.subarray(0, magic.length).equals(magic));
  if (packed)
    throw new AppError(
      'invalid_request',
      `${name} is packed with ${packed.by}. Pipe it in: ${packed.tool} "${name}" | sonde analyze -`,
    );
  if (start.subarray(0, 2).equals(UTF16_LE) || start.subarray(0, 2).equals(UTF16_BE))
    throw new AppError(
      'invalid_request',
      `${name} is UTF-16 text. Pipe it in: iconv -f UTF-16 -t UTF-8 "${name}" | sonde analyze -`,
    );
  if (start.includes(0))
    throw new AppError('invalid_request', `${name} is a binary file, not a log. Give text or gzip.`);
  return false;
}

const UTF16_LE = Buffer.from([0xff, 0xfe]);
const UTF16_BE = Buffer.from([0xfe, 0xff]);
const PACKED = [
  { magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), by: 'zstd', tool: 'zstdcat' },
  { magic: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), by: 'xz', tool: 'xzcat' },
  { magic: Buffer.from('BZh'), by: 'bzip2', tool: 'bzcat' },
  { magic: Buffer.from([0x50, 0x4b, 0x03, 0x04]), by: 'zip', tool: 'unzip -p' },
];
