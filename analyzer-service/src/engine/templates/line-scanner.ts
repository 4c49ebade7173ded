import * as byteClasses from './byte-classes.ts';
import { pathEnd } from './byte-spans.ts';
import { RunReader } from './run-reader.ts';
import { readJson, readPairs } from './structured-line.ts';
import * as tokenKinds from './token-kinds.ts';

/** Constants of this module, because V8 reads an imported binding from memory each time: half the speed, measured. */
const { BINDS_DIGITS, BYTE_CLASS, DIGIT, LETTER, LINE_END, SPACE, TELLING } = byteClasses;
const { SYMBOL, VALUE, WORD } = tokenKinds;

/** Only this many tokens of a line decide its template. Bounds memory and time. */
const TOKENS_MAX = 256;

const HYPHEN = 45;
const BLANK = 32;
const QUOTE = 34;
const COLON = 58;
const EQUALS = 61;
const OPEN_BRACE = 123;
const WORD_PRIME = 0x01000193;
const LOW_PRIME = 0x9e3779b1;
const HIGH_PRIME = 0x85ebca6b;
/** A number that starts within these first bytes is told from others by its length, because times are. */
const TIME_BYTES = 12;

/**
 * Cuts a line into tokens and hashes its shape, the line without its values, in one pass and without allocating.
 * Two lines of one shape have the same tokens, and the same words in them. The hash has 64 bits, not secret ones: it
 * keeps apart what logs contain, not what is made to collide. Linear in the bytes of the line.
 */
export class LineScanner {
  readonly starts = new Int32Array(TOKENS_MAX);
  readonly ends = new Int32Array(TOKENS_MAX);
  /** Kind, plus 4 where white space stands before the token, plus 8 × the bytes of a value that are wording. */
  readonly marks = new Int32Array(TOKENS_MAX);
  count = 0;
  hashLow = 0;
  hashHigh = 0;
  /** Where the line ended: at its line feed, at the end given, or where it was cut. */
  stop = 0;
  readonly #runs = new RunReader();
  #isStructured = false;
  #keepsTokens = false;

  /** Hashes one line from `start` to its line feed or to `end`, whichever comes first. Most lines need no more. */
  scan(bytes: Uint8Array, start: number, end: number): void {
    this.#keepsTokens = false;
    this.#read(bytes, start, end);
  }

  /** The same, and keeps the tokens. */
  scanTokens(bytes: Uint8Array, start: number, end: number): void {
    this.#keepsTokens = true;
    this.#read(bytes, start, end);
  }

  #read(bytes: Uint8Array, start: number, end: number): void {
    this.#runs.bytes = bytes;
    this.#runs.lineStart = start;
    this.#isStructured = false;
    this.#reset();
    this.appendText(start, end);
  }

  append(kind: number, start: number, end: number, spaced: number): void {
    if (this.count === TOKENS_MAX) return;
    let hash = 0;
    if (kind !== VALUE)
      for (let i = start; i < end; i++) hash = Math.imul(hash ^ this.#runs.bytes[i]!, WORD_PRIME);
    const mark = kind | spaced;
    if (this.#keepsTokens) {
      this.starts[this.count] = start;
      this.ends[this.count] = end;
      this.marks[this.count] = mark;
    }
    this.count++;
    this.hashLow = Math.imul(this.hashLow ^ hash, LOW_PRIME) + mark;
    this.hashLow ^= this.hashLow >>> 15;
    this.hashHigh = Math.imul(this.hashHigh ^ hash, HIGH_PRIME) + (kind === VALUE ? 0 : end - start);
    this.hashHigh ^= this.hashHigh >>> 13;
  }

  appendText(start: number, end: number): void {
    const runs = this.#runs;
    const { bytes, lineStart } = runs;
    const { starts, ends, marks } = this;
    const keeps = this.#keepsTokens;
    runs.end = end;
    let position = start;
    let { count, hashLow: low, hashHigh: high } = this;
    let spaced = 0;
    while (position < end && count < TOKENS_MAX) {
      let byte = bytes[position]!;
      if (byte === BLANK && position + 1 < end) {
        spaced = 4;
        byte = bytes[++position]!;
      }
      const tokenStart = position;
      let kind = BYTE_CLASS[byte]!;
      let hash = byte;
      let mark = SYMBOL;
      let extent = 0;
      if (kind === LETTER) {
        hash = 0;
        do {
          hash = Math.imul(hash ^ bytes[position]!, WORD_PRIME);
          position++;
        } while (position < end && (kind = BYTE_CLASS[bytes[position]!]!) === LETTER);
        mark = WORD;
        if (kind >= TELLING && position < end) {
          position = runs.continueRun(tokenStart, position, hash);
          hash = runs.hash;
          mark = runs.mark;
        }
        if (mark === WORD) extent = position - tokenStart;
      } else if (kind === DIGIT) {
        do position++;
        while (position < end && BYTE_CLASS[bytes[position]!]! >= LETTER);
        if (position < end && BINDS_DIGITS[bytes[position]!] === 1) position = runs.valueEnd(position);
        hash = tokenStart - lineStart < TIME_BYTES ? position - tokenStart : 0;
        mark = VALUE;
      } else if (kind <= SPACE) {
        if (kind === LINE_END) break;
        spaced = 4;
        position++;
        continue;
      } else {
        position++;
        if (kind >= TELLING && byte !== COLON && byte !== HYPHEN && runs.startsPath(tokenStart, byte)) {
          position = pathEnd(bytes, position, end, 1);
          hash = 0;
          mark = VALUE;
        } else if (byte === EQUALS ? count === 1 : byte === OPEN_BRACE && opensObject(bytes, position, end)) {
          this.#remember(count, low, high);
          if (this.#readStructured(tokenStart, end)) return;
        }
      }
      if (keeps) {
        starts[count] = tokenStart;
        ends[count] = position;
        marks[count] = mark | spaced;
      }
      count++;
      low = Math.imul(low ^ hash, LOW_PRIME) + (mark | spaced);
      low ^= low >>> 15;
      high = Math.imul(high ^ hash, HIGH_PRIME) + extent;
      high ^= high >>> 13;
      spaced = 0;
    }
    this.#remember(count, low, high);
    this.stop = position;
  }

  /** Reads the rest of the line when it is a JSON object, or the whole line when it is logfmt. */
  #readStructured(start: number, end: number): boolean {
    if (this.#isStructured) return false;
    this.#isStructured = true;
    const { bytes, lineStart } = this.#runs;
    const isJson = bytes[start] === OPEN_BRACE;
    const { count, hashLow, hashHigh } = this;
    if (!isJson) this.#reset();
    const stop = isJson ? readJson(this, bytes, start, end) : readPairs(this, bytes, lineStart, end);
    this.#runs.end = end;
    if (stop > 0) this.stop = stop;
    else this.#remember(count, hashLow, hashHigh);
    return stop > 0;
  }

  #reset(): void {
    this.#remember(0, 1, 7);
  }

  #remember(count: number, hashLow: number, hashHigh: number): void {
    this.count = count;
    this.hashLow = hashLow;
    this.hashHigh = hashHigh;
  }
}

/** Whether the first key of a JSON object stands behind its brace. */
function opensObject(bytes: Uint8Array, start: number, end: number): boolean {
  let position = start;
  while (position < end && bytes[position] === BLANK) position++;
  return bytes[position] === QUOTE;
}
