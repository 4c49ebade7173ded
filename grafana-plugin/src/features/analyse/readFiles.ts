import { ApiError } from '../../shared/apiError';
import { t } from '../../shared/t';

/** As many as the analyzer takes in one request. */
export const FILES_MAX = 100;

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
    return await new Response(isPacked ? stream.pipeThrough(new DecompressionStream('gzip')) : stream).text();
  } catch {
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
