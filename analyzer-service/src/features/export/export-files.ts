import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '../../errors.ts';

const SWEEP_MS = 600_000;

/** Files of saved exports, in a folder of this machine. Those older than `keepMs` go away by themselves. */
export class ExportFiles {
  readonly #folder: string;
  readonly #keepMs: number;
  readonly #timer: NodeJS.Timeout;

  constructor(folder: string, keepMs: number, onError: (error: Error) => void) {
    this.#folder = folder;
    this.#keepMs = keepMs;
    const sweep = () => void this.#sweep().catch(onError);
    this.#timer = setInterval(sweep, SWEEP_MS);
    this.#timer.unref();
    sweep();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * Writes a file whole or not at all; `onBytes` is told how many bytes there are so far. Throws what `chunks` and
   * `onBytes` throw, and `query_too_large` beyond `bytesMax`.
   */
  async write(
    id: string,
    chunks: AsyncIterable<string | Uint8Array>,
    bytesMax: number,
    onBytes: (bytes: number) => Promise<void>,
  ): Promise<number> {
    await mkdir(this.#folder, { recursive: true });
    const part = `${this.#fileOf(id)}.part`;
    const file = await open(part, 'w', 0o600);
    let bytes = 0;
    try {
      for await (const chunk of chunks) {
        const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        bytes += data.length;
        if (bytes > bytesMax) throw tooLarge(bytesMax);
        await file.writeFile(data);
        await onBytes(bytes);
      }
      await file.sync();
    } catch (error) {
      await file.close();
      await rm(part, { force: true });
      throw error;
    }
    await file.close();
    await rename(part, this.#fileOf(id));
    return bytes;
  }

  /** Null when this machine has no such file. */
  async read(id: string): Promise<{ readonly bytes: number; readonly body: ReadableStream } | null> {
    try {
      const { size } = await stat(this.#fileOf(id));
      return { bytes: size, body: Readable.toWeb(createReadStream(this.#fileOf(id))) as ReadableStream };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    await rm(this.#fileOf(id), { force: true });
  }

  /** Ids are made here, of hexadecimal digits and hyphens: no path can hide in one. */
  #fileOf(id: string): string {
    return path.join(this.#folder, id);
  }

  async #sweep(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    for (const name of await readdir(this.#folder)) {
      const file = path.join(this.#folder, name);
      const { mtimeMs } = await stat(file);
      if (Date.now() - mtimeMs > this.#keepMs) await rm(file, { force: true });
    }
  }
}

function tooLarge(bytesMax: number): AppError {
  return new AppError(
    'query_too_large',
    `The file would be larger than ${bytesMax.toLocaleString('en')} bytes. Narrow it with services, severity, search or a shorter time range, or raise EXPORT_FILE_BYTES_MAX.`,
  );
}
