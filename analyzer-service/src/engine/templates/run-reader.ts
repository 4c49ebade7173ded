import * as byteClasses from './byte-classes.ts';
import { boundRunEnd, hasSlash, pathEnd } from './byte-spans.ts';
import * as tokenKinds from './token-kinds.ts';

const { BINDS_DIGITS, BYTE_CLASS, DIGIT, JOINER, LETTER, PATH_END } = byteClasses;
const { VALUE, WORD } = tokenKinds;

const HYPHEN = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const BACKSLASH = 92;
const UNDERSCORE = 95;
const WORD_PRIME = 0x01000193;

/**
 * Reads the runs of letters and digits that need more than one glance. Part of the line scanner, which sets what is
 * read; each call answers where the run ends and leaves what it is in `mark` and `hash`.
 */
export class RunReader {
  bytes: Uint8Array = new Uint8Array(0);
  lineStart = 0;
  end = 0;
  /** The kind of the last run, plus 8 × the bytes of a value that are wording. */
  mark = 0;
  /** The hash of the last run's wording. */
  hash = 0;

  /**
   * A run that goes on behind its first letters. It is a word, until it is seen to vary, when its only digits are one
   * or two behind letters (`ssh2`, `L3`, `http2-server`); with more it is a value.
   */
  continueRun(start: number, from: number, firstHash: number): number {
    const { bytes, end } = this;
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
          return this.#endRun(VALUE | (prefix << 3), prefix > 0 ? prefixHash : 0, this.valueEnd(position));
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
    const { bytes, end } = this;
    if (position + 1 >= end) return this.#endRun(WORD, hash, position);
    const next = bytes[position]!;
    const kindAfter = BYTE_CLASS[bytes[position + 1]!]!;
    if (next === COLON) {
      if (isDotted && kindAfter === DIGIT) return this.#endRun(VALUE, 0, this.valueEnd(position));
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
    this.mark = mark;
    this.hash = hash;
    return stop;
  }

  /** The end of a value: behind its run and behind all numbers that symbols bind to it. */
  valueEnd(from: number): number {
    const { bytes, end } = this;
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
  startsPath(position: number, byte: number): boolean {
    const { bytes } = this;
    if (position > this.lineStart && BYTE_CLASS[bytes[position - 1]!]! >= JOINER) return false;
    let slash = position;
    if (byte === DOT) slash += bytes[position + 1] === DOT ? 2 : 1;
    if (slash + 1 >= this.end || (bytes[slash] !== SLASH && bytes[slash] !== BACKSLASH)) return false;
    return BYTE_CLASS[bytes[slash + 1]!]! >= JOINER;
  }
}

function isPrefixEnd(byte: number, joiners: number): boolean {
  return byte === UNDERSCORE ? joiners === 0 : BYTE_CLASS[byte] === JOINER && joiners === 1;
}

/** A joiner stands between two characters of a run; up to three hyphens may. */
function joins(bytes: Uint8Array, position: number, end: number): boolean {
  let next = position + 1;
  if (next < end && BYTE_CLASS[bytes[next]!]! >= LETTER) return true;
  while (next < position + 3 && next < end && bytes[next] === HYPHEN && bytes[position] === HYPHEN) next++;
  return next < end && BYTE_CLASS[bytes[next]!]! >= LETTER;
}
