import * as byteClasses from './byte-classes.ts';
import { boundRunEnd, hasSlash, pathEnd } from './byte-spans.ts';
import { readJson, readPairs } from './structured-line.ts';
import * as tokenKinds from './token-kinds.ts';

/** Constants of this module, because V8 reads an imported binding from memory each time: half the speed, measured. */
const { BINDS_DIGITS, BYTE_CLASS, DIGIT, JOINER, LETTER, LINE_END, PATH_END, SPACE, TELLING } = byteClasses;
const { SYMBOL, VALUE, WORD } = tokenKinds;

/** Only this many tokens of a line decide its template. Bounds memory and time. */
export const TOKENS_MAX = 256;

const HYPHEN = 45;
const DOT = 46;
const SLASH = 47;
const QUOTE = 34;
const COLON = 58;
const EQUALS = 61;
const OPEN_BRACE = 123;
const BACKSLASH = 92;
const UNDERSCORE = 95;
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
  #bytes: Uint8Array = new Uint8Array(0);
  #lineStart = 0;
  #end = 0;
  #isStructured = false;
  // What the last run turned out to be.
  #runHash = 0;
  #runMark = 0;

  /** Reads one line from `start` to its line feed or to `end`, whichever comes first. */
  scan(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#lineStart = start;
    this.#isStructured = false;
    this.#reset();
    this.appendText(start, end);
  }

  append(kind: number, start: number, end: number, spaced: number): void {
    if (this.count === TOKENS_MAX) return;
    let hash = 0;
    if (kind !== VALUE)
      for (let i = start; i < end; i++) hash = Math.imul(hash ^ this.#bytes[i]!, WORD_PRIME);
    const mark = kind | spaced;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.marks[this.count++] = mark;
    this.hashLow = Math.imul(this.hashLow ^ hash, LOW_PRIME) + mark;
    this.hashLow ^= this.hashLow >>> 15;
    this.hashHigh = Math.imul(this.hashHigh ^ hash, HIGH_PRIME) + (kind === VALUE ? 0 : end - start);
    this.hashHigh ^= this.hashHigh >>> 13;
  }

  appendText(start: number, end: number): void {
    const bytes = this.#bytes;
    const lineStart = this.#lineStart;
    const classes = BYTE_CLASS;
    const { starts, ends, marks } = this;
    this.#end = end;
    let position = start;
    let { count, hashLow: low, hashHigh: high } = this;
    let spaced = 0;
    while (position < end && count < TOKENS_MAX) {
      const tokenStart = position;
      const byte = bytes[position]!;
      let kind = classes[byte]!;
      let hash = byte;
      let mark = SYMBOL;
      let extent = 0;
      if (kind === LETTER) {
        hash = 0;
        do {
          hash = Math.imul(hash ^ bytes[position]!, WORD_PRIME);
          position++;
        } while (position < end && (kind = classes[bytes[position]!]!) === LETTER);
        mark = WORD;
        if (kind >= TELLING && position < end) {
          position = this.#continueRun(tokenStart, position, hash);
          hash = this.#runHash;
          mark = this.#runMark;
        }
        if (mark === WORD) extent = position - tokenStart;
      } else if (kind === DIGIT) {
        do position++;
        while (position < end && classes[bytes[position]!]! >= LETTER);
        if (position < end && BINDS_DIGITS[bytes[position]!] === 1) position = this.#maskedEnd(position);
        hash = tokenStart - lineStart < TIME_BYTES ? position - tokenStart : 0;
        mark = VALUE;
      } else if (kind === SPACE) {
        spaced = 4;
        position++;
        continue;
      } else if (kind === LINE_END) {
        break;
      } else {
        position++;
        if (kind >= TELLING && byte !== COLON && byte !== HYPHEN && this.#startsPath(tokenStart, byte)) {
          position = pathEnd(bytes, position, end, 1);
          hash = 0;
          mark = VALUE;
        } else if ((byte === EQUALS && count === 1) || (byte === OPEN_BRACE && bytes[position] === QUOTE)) {
          this.count = count;
          this.hashLow = low;
          this.hashHigh = high;
          if (this.#readStructured(tokenStart, end)) return;
        }
      }
      starts[count] = tokenStart;
      ends[count] = position;
      marks[count++] = mark | spaced;
      low = Math.imul(low ^ hash, LOW_PRIME) + (mark | spaced);
      low ^= low >>> 15;
      high = Math.imul(high ^ hash, HIGH_PRIME) + extent;
      high ^= high >>> 13;
      spaced = 0;
    }
    this.count = count;
    this.hashLow = low;
    this.hashHigh = high;
    this.stop = position;
  }

  /** Reads the rest of the line when it is a JSON object, or the whole line when it is logfmt. */
  #readStructured(start: number, end: number): boolean {
    if (this.#isStructured) return false;
    this.#isStructured = true;
    const isJson = this.#bytes[start] === OPEN_BRACE;
    const { count, hashLow, hashHigh } = this;
    if (!isJson) this.#reset();
    const stop = isJson
      ? readJson(this, this.#bytes, start, end)
      : readPairs(this, this.#bytes, this.#lineStart, end);
    this.#end = end;
    if (stop > 0) this.stop = stop;
    else {
      this.count = count;
      this.hashLow = hashLow;
      this.hashHigh = hashHigh;
    }
    return stop > 0;
  }

  #reset(): void {
    this.count = 0;
    this.hashLow = 1;
    this.hashHigh = 7;
  }

  /**
   * A run that goes on behind its first letters. It is a word, until it is seen to vary, when its only digits are one
   * or two behind letters (`ssh2`, `L3`, `http2-server`); with more it is a value.
   */
  #continueRun(start: number, from: number, firstHash: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let position = from;
    let hash = firstHash;
    let prefixHash = 0;
    let firstDigit = -1;
    let digits = 0;
    let partIsEmpty = false;
    let joiners = 0;
    let isDotted = false;
    let kind = BYTE_CLASS[bytes[position]!]!;
    for (;;) {
      const byte = bytes[position]!;
      if (kind === DIGIT) {
        if (firstDigit < 0) {
          firstDigit = position;
          prefixHash = hash;
        }
        if (partIsEmpty || digits === 2 || (digits === 0 && firstDigit < position)) {
          const prefix =
            firstDigit - start > 1 && isPrefixEnd(bytes[firstDigit - 1]!, joiners) ? firstDigit - start : 0;
          return this.#endRun(VALUE | (prefix << 3), prefix > 0 ? prefixHash : 0, this.#maskedEnd(position));
        }
        digits++;
        hash = Math.imul(hash ^ byte, WORD_PRIME);
        position++;
      } else if (kind === LETTER) {
        digits = 0;
        partIsEmpty = false;
        do {
          hash = Math.imul(hash ^ bytes[position]!, WORD_PRIME);
          position++;
        } while (position < end && (kind = BYTE_CLASS[bytes[position]!]!) === LETTER);
      } else {
        if (kind !== JOINER || !joins(bytes, position, end)) break;
        if (firstDigit < 0) joiners++;
        if (byte === DOT) isDotted = true;
        digits = 0;
        partIsEmpty = true;
        hash = Math.imul(hash ^ byte, WORD_PRIME);
        position++;
      }
      if (position >= end) break;
      kind = BYTE_CLASS[bytes[position]!]!;
    }
    return this.#endWord(start, position, hash, isDotted);
  }

  /** A run without telling digits is a word, unless what follows shows it to be the start of an address or a path. */
  #endWord(start: number, position: number, hash: number, isDotted: boolean): number {
    const bytes = this.#bytes;
    const end = this.#end;
    if (position + 1 >= end) return this.#endRun(WORD, hash, position);
    const next = bytes[position]!;
    const kindAfter = BYTE_CLASS[bytes[position + 1]!]!;
    if (next === COLON) {
      if (isDotted && kindAfter === DIGIT) return this.#endRun(VALUE, 0, this.#maskedEnd(position));
      if (
        bytes[position + 1] === SLASH &&
        bytes[position + 2] === SLASH &&
        position + 3 < end &&
        PATH_END[bytes[position + 3]!]! < 2
      ) {
        return this.#endRun(VALUE, 0, pathEnd(bytes, position + 3, end, 2));
      }
    } else if ((next === SLASH || next === BACKSLASH) && kindAfter >= LETTER) {
      const stop = pathEnd(bytes, position, end, 1);
      if (hasSlash(bytes, position + 1, stop)) return this.#endRun(VALUE, 0, stop);
    }
    return this.#endRun(WORD, hash, position);
  }

  #endRun(mark: number, hash: number, stop: number): number {
    this.#runMark = mark;
    this.#runHash = hash;
    return stop;
  }

  /** The end of a value: behind its run and behind all numbers that symbols bind to it. */
  #maskedEnd(from: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let position = from;
    for (;;) {
      while (position < end && BYTE_CLASS[bytes[position]!]! >= LETTER) position++;
      if (position + 1 >= end || BINDS_DIGITS[bytes[position]!] === 0) return position;
      const kindAfter = BYTE_CLASS[bytes[position + 1]!]!;
      if (kindAfter === DIGIT) position += 2;
      else if (BYTE_CLASS[bytes[position]!] === JOINER && joins(bytes, position, end)) position++;
      else if (kindAfter === LETTER && bytes[position] === COLON) {
        const boundEnd = boundRunEnd(bytes, position + 1, end);
        if (boundEnd === 0) return position;
        position = boundEnd;
      } else return position;
    }
  }

  /** A path starts where no run ended just before and a run, or a hidden name, begins just behind. */
  #startsPath(position: number, byte: number): boolean {
    const bytes = this.#bytes;
    if (position > this.#lineStart && BYTE_CLASS[bytes[position - 1]!]! >= JOINER) return false;
    let slash = position;
    if (byte === DOT) slash += bytes[position + 1] === DOT ? 2 : 1;
    if (slash + 1 >= this.#end || (bytes[slash] !== SLASH && bytes[slash] !== BACKSLASH)) return false;
    return BYTE_CLASS[bytes[slash + 1]!]! >= JOINER;
  }
}

function isPrefixEnd(byte: number, joiners: number): boolean {
  return byte === UNDERSCORE ? joiners === 0 : BYTE_CLASS[byte] === JOINER && joiners === 1;
}

/** A joiner stands between two characters of a run; up to three hyphens may. */
function joins(bytes: Uint8Array, position: number, end: number): boolean {
  let next = position + 1;
  while (next < position + 3 && next < end && bytes[next] === HYPHEN && bytes[position] === HYPHEN) next++;
  return next < end && BYTE_CLASS[bytes[next]!]! >= LETTER;
}
