import { ApiError } from '../../shared/apiError';
import { t } from '../../shared/t';

/** As many as the analyzer takes in one request. */
export const FILES_MAX = 100;
/** Of one file, as it is or unpacked. */
const UNPACKED_BYTES_MAX = 200_000_000;

export interface ReadFile {
  readonly name: string;
  readonly text: string;
}

/** Throws ApiError with a sentence for the user. Files that are packed with gzip are unpacked here: the texts go as JSON. */
export async function readFiles(
  files: readonly File[],
  onRead: (done: number) => void,
  signal: AbortSignal,
): Promise<readonly ReadFile[]> {
  const read: ReadFile[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    read.push({ name: file.name.slice(0, 255), text: await textOf(file) });
    onRead(read.length);
  }
  return read;
}

async function textOf(file: File): Promise<string> {
  const isPacked = /\.gz$/i.test(file.name);
  try {
    const stream = file.stream();
    return await readUpTo(isPacked ? stream.pipeThrough(new DecompressionStream('gzip')) : stream, file.name);
  } catch (error) {
    if (error instanceof ApiError) {
      throw error;
    }
    throw new ApiError(
      'invalid_request',
      isPacked
        ? t('analyse.badPack', '{{name}} is not packed with gzip, or was cut off. Send it unpacked.', {
            name: file.name,
          })
        : t('analyse.badFile', '{{name}} could not be read. Choose it again.', { name: file.name }),
    );
  }
}

/** A small packed file may hold more than this page has memory for. */
async function readUpTo(stream: ReadableStream<BufferSource>, name: string): Promise<string> {
  const decoder = new TextDecoder();
  const texts: string[] = [];
  let bytes = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) {
      return texts.join('') + decoder.decode();
    }
    bytes += value.byteLength;
    if (bytes > UNPACKED_BYTES_MAX) {
      await reader.cancel();
      throw new ApiError(
        'invalid_request',
        t(
          'analyse.tooLarge',
          '{{name}} holds more than {{most}} MB. Send a part of it, or use "sonde analyze".',
          {
            name,
            most: UNPACKED_BYTES_MAX / 1_000_000,
          },
        ),
      );
    }
    texts.push(decoder.decode(value, { stream: true }));
  }
}
