import { open } from 'node:fs/promises';
import { toFileError } from './file-error.ts';
import type { LogFile } from './log-file.ts';
import { readLines } from './read-lines.ts';

const BLOCKS = 64;
const BLOCK_BYTES = 64 * 1024;

/**
 * Lines from all over a file, from its very first and very last ones on: all of a small file, evenly spaced blocks of a
 * large one. Packed files are read whole, since they can only be read from the start. Line numbers mean nothing here.
 */
export async function* sampleLines(
  file: LogFile,
  onProgress: (bytesRead: number) => void = () => {},
): AsyncGenerator<readonly string[]> {
  if (file.isGzip || file.sizeBytes <= BLOCKS * BLOCK_BYTES) {
    for await (const { lines } of readLines(file, onProgress)) yield lines;
    return;
  }
  try {
    await using handle = await open(file.path, 'r');
    const buffer = Buffer.alloc(BLOCK_BYTES);
    for (let block = 0; block < BLOCKS; block++) {
      const start = Math.floor(((file.sizeBytes - BLOCK_BYTES) * block) / (BLOCKS - 1));
      const { bytesRead } = await handle.read(buffer, 0, BLOCK_BYTES, start);
      yield wholeLines(buffer.toString('utf8', 0, bytesRead), block === 0, block === BLOCKS - 1);
    }
    onProgress(file.sizeBytes);
  } catch (error) {
    throw toFileError(file.name, error);
  }
}

/** The lines of a block without those that its borders cut through. */
function wholeLines(text: string, isFirst: boolean, isLast: boolean): readonly string[] {
  const lines = text.split('\n');
  return lines.slice(isFirst ? 0 : 1, isLast ? undefined : -1);
}
