/** Lines that follow each other in a log. The first line of a log has number 1. */
export interface LineBatch {
  readonly firstLineNumber: number;
  readonly lines: readonly string[];
  /** How many of them were longer than the limit and are cut. */
  readonly cutLines: number;
}

/** A longer line is cut: it would be no line of a log. */
export const LINE_BYTES_MAX = 64 * 1024;

/** Cuts chunks of bytes into lines; keeps the unfinished last line, at most LINE_BYTES_MAX of it. */
export class LineSplitter {
  #next: number;
  #rest: Buffer[] = [];
  #restBytes = 0;

  constructor(firstLineNumber = 1) {
    this.#next = firstLineNumber;
  }

  get isAtStart(): boolean {
    return this.#next === 1 && this.#restBytes === 0;
  }

  split(chunk: Buffer): LineBatch {
    const lines: string[] = [];
    let cutLines = 0;
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      if (this.#restBytes > 0) {
        this.#keep(chunk.subarray(start, end));
        if (this.#restBytes > LINE_BYTES_MAX) cutLines++;
        lines.push(this.#takeRest());
      } else {
        if (end - start > LINE_BYTES_MAX) cutLines++;
        lines.push(decode(chunk, start, end));
      }
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return this.#batch(lines, cutLines);
  }

  end(): LineBatch {
    const cutLines = this.#restBytes > LINE_BYTES_MAX ? 1 : 0;
    return this.#batch(this.#restBytes > 0 ? [this.#takeRest()] : [], cutLines);
  }

  #batch(lines: string[], cutLines: number): LineBatch {
    const firstLineNumber = this.#next;
    if (firstLineNumber === 1 && lines[0]?.charCodeAt(0) === BYTE_ORDER_MARK) lines[0] = lines[0].slice(1);
    this.#next += lines.length;
    return { firstLineNumber, lines, cutLines };
  }

  #keep(bytes: Buffer): void {
    const room = LINE_BYTES_MAX - this.#restBytes;
    if (room > 0) this.#rest.push(Buffer.from(bytes.subarray(0, room)));
    this.#restBytes += bytes.length;
  }

  #takeRest(): string {
    const bytes = Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    return decode(bytes, 0, bytes.length);
  }
}

const BYTE_ORDER_MARK = 0xfeff;

/** Each line is a string of its own, so that keeping one as evidence does not keep its whole chunk. */
function decode(bytes: Buffer, start: number, end: number): string {
  const cut = Math.min(end, start + LINE_BYTES_MAX);
  const textEnd = cut > start && bytes[cut - 1] === 13 ? cut - 1 : cut;
  return bytes.toString('utf8', start, textEnd);
}
