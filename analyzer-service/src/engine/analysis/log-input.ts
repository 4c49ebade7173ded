/** A log that can be read as often as wanted, each time with the same content, wherever it is kept. */
export interface LogInput {
  /** As the user gave it. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch of the last change: the year of lines that name none. */
  readonly modifiedMs: number;
  /** Lines from all over it, from its very first and very last ones on. `onProgress` gets the bytes read so far. */
  sample(onProgress: (bytesRead: number) => void): AsyncIterable<readonly string[]>;
  /** All lines in their order, some hundred at a time. */
  read(onProgress: (bytesRead: number) => void): AsyncIterable<LineBatch>;
}

/** Lines that follow each other in a log. The first line of a log has number 1. */
export interface LineBatch {
  readonly firstLineNumber: number;
  readonly lines: readonly string[];
  /** How many of them were longer than the limit and are cut. */
  readonly cutLines: number;
}
