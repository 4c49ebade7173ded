import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { badRequest, LokiError } from '../errors.ts';

type BodyLimits = { readonly bodyBytesMax: number; readonly bodyBytesTotalMax: number };

/** Reads request bodies, each within its limit and all of them together within theirs. */
export class BodyReader {
  readonly #limits: BodyLimits;
  readonly #held = new WeakMap<IncomingMessage, number>();
  #total = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  async read(message: IncomingMessage): Promise<Buffer> {
    const { bodyBytesMax } = this.#limits;
    if (Number(message.headers['content-length'] ?? 0) > bodyBytesMax) throw this.#tooLarge();
    const chunks: Buffer[] = [];
    let size = 0;
    const stream = decompressed(message);
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > bodyBytesMax) throw this.#tooLarge();
        this.#hold(message, chunk.length);
        chunks.push(chunk);
      }
    } catch (cause) {
      message.resume();
      if (cause instanceof LokiError) throw cause;
      throw new LokiError(400, `the request body cannot be read: ${(cause as Error).message}`, { cause });
    }
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  }

  /** Gives the bytes of a request's body back when it has been answered. */
  releaseAfter(message: IncomingMessage, response: ServerResponse): void {
    response.on('close', () => {
      this.#total -= this.#held.get(message) ?? 0;
      this.#held.delete(message);
    });
  }

  #hold(message: IncomingMessage, bytes: number): void {
    if (this.#total + bytes > this.#limits.bodyBytesTotalMax)
      throw new LokiError(429, 'too many request bodies at a time: send this one again later');
    this.#total += bytes;
    this.#held.set(message, (this.#held.get(message) ?? 0) + bytes);
  }

  #tooLarge(): LokiError {
    return new LokiError(
      413,
      `the request body is larger than ${this.#limits.bodyBytesMax} bytes: send smaller batches`,
    );
  }
}

function decompressed(message: IncomingMessage): Readable {
  switch (message.headers['content-encoding'] ?? '') {
    case '':
    case 'identity':
    case 'snappy':
      return message;
    case 'gzip':
      return message.pipe(createGunzip());
    case 'deflate':
      return message.pipe(createInflate());
    default:
      throw badRequest(
        `Content-Encoding "${message.headers['content-encoding']}" not supported: send gzip, deflate or none`,
      );
  }
}
