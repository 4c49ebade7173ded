/** A log that can be read as often as wanted, each time with the same content, wherever it is kept. */
export interface LogInput {
  /** As the user gave it. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch of the last change: the year of lines that name none. */
  readonly modifiedMs: number;
  /** Lines from all over it, from its very first and very last ones on. `onProgress` gets the bytes read so far. */
  sample(onProgress: (bytesRead: number) => void): AsyncIterable<readonly string[]>;
  /** All bytes in their order, unpacked, in chunks that take some 10 ms to analyse. `onProgress` as above. */
  read(onProgress: (bytesRead: number) => void): AsyncIterable<Buffer>;
}
