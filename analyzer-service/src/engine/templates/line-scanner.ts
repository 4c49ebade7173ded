import { BYTE_CLASS, DIGIT, JOINER, LETTER, PATH_END, SPACE } from './byte-classes.ts';

/** Kinds of tokens that the scanner tells apart. A value is what its spelling shows to vary: its text is not hashed. */
export const WORD = 0;
export const VALUE = 1;
export const SYMBOL = 2;

/** Only this many tokens of a line decide its template; the rest counts as one value. Bounds memory and time. */
export const TOKENS_MAX = 256;

const COLON = 58;
const HYPHEN = 45;
const DOT = 46;
const SLASH = 47;
const BACKSLASH = 92;
const UNDERSCORE = 95;
const HASH_PRIME = 0x01000193;
const OTHER_PRIME = 0x85ebca6b;
/** Digits that start within these first bytes decide by their number, because times are told by it. */
const TIME_BYTES = 12;

/**
 * Cuts a line into tokens and hashes its shape, the line without its values, in one pass and without allocating.
 * Two lines of one shape have the same tokens, and the same words in them. The hash has 64 bits: two shapes of a
 * million share one with a probability of 3 in 100 million. Linear in the bytes of the line.
 */
export class LineScanner {
  readonly kinds = new Uint8Array(TOKENS_MAX);
  readonly starts = new Int32Array(TOKENS_MAX);
  readonly ends = new Int32Array(TOKENS_MAX);
  /** For a value: how many leading bytes are wording, as in `core.` of `core.4711`. */
  readonly prefixes = new Int32Array(TOKENS_MAX);
  /** 1 where white space stands before the token. */
  readonly spaced = new Uint8Array(TOKENS_MAX);
  count = 0;
  hashLow = 0;
  hashHigh = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #lineStart = 0;

  scan(bytes: Uint8Array, start: number, end: number): void {
    this.count = 0;
    this.hashLow = end > start ? 1 : 0;
    this.hashHigh = 7;
    this.#bytes = bytes;
    this.#end = end;
    this.#lineStart = start;
    this.#scanText(start);
  }

  #scanText(start: number): void {
    const bytes = this.#bytes;
    const end = this.#end;
    let position = start;
    let spaced = 0;
    while (position < end && this.count < TOKENS_MAX) {
      const byte = bytes[position]!;
      const kind = BYTE_CLASS[byte]!;
      if (kind === SPACE) {
        spaced = 1;
        position++;
        continue;
      }
      if (kind >= LETTER) position = this.#scanRun(position, spaced);
      else if (
        byte === SLASH || byte === BACKSLASH || byte === DOT ? this.#startsPath(position, byte) : false
      ) {
        position = this.#value(position, pathEnd(bytes, position, end, 1), 0, 0, spaced);
      } else {
        this.#token(SYMBOL, position, position + 1, byte, byte, spaced);
        position++;
      }
      spaced = 0;
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

  #scanRun(start: number, spaced: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let position = start;
    let low = 0;
    let high = 0;
    let kind = LETTER;
    let byte = 0;
    while (position < end && (kind = BYTE_CLASS[(byte = bytes[position]!)]!) === LETTER) {
      low = Math.imul(low ^ byte, HASH_PRIME);
      high = Math.imul(high + byte, OTHER_PRIME);
      position++;
    }
    if (position === end || kind < JOINER) return this.#word(start, position, low, high, spaced, false);
    return this.#scanMixedRun(start, position, low, high, spaced);
  }

  /**
   * A run with digits or joiners. It is a value unless each part between joiners is a name with at most two digits
   * in one place (`ssh2`, `L3`, `http2-server`): those are words until they are seen to vary.
   */
  #scanMixedRun(start: number, from: number, low: number, high: number, spaced: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let position = from;
    let digits = 0;
    let state = from > start ? 1 : 0; // of the part: 0 at its start, 1 in letters, 2 in digits, 3 behind its digits
    let firstDigit = -1;
    let prefixLow = 0;
    let prefixHigh = 0;
    let joiners = 0;
    let dotted = false;
    for (; position < end; position++) {
      const byte = bytes[position]!;
      const kind = BYTE_CLASS[byte]!;
      if (kind < JOINER) break;
      if (kind === DIGIT) {
        if (firstDigit < 0) {
          firstDigit = position;
          prefixLow = low;
          prefixHigh = high;
        }
        if (state === 0 || state === 3 || (state === 2 && digits === 2)) {
          const prefix = firstDigit - start;
          const named = prefix > 1 && isPrefixEnd(bytes[firstDigit - 1]!, joiners);
          const stop = runEnd(bytes, position, end);
          return this.#maskedRun(start, stop, named ? prefix : 0, prefixLow ^ prefixHigh, spaced);
        }
        digits = state === 2 ? digits + 1 : 1;
        state = 2;
      } else if (kind === LETTER) state = state === 2 || state === 3 ? 3 : 1;
      else {
        if (!joins(bytes, position, end)) break;
        state = 0;
        if (firstDigit < 0) joiners++;
        if (byte === DOT) dotted = true;
      }
      low = Math.imul(low ^ byte, HASH_PRIME);
      high = Math.imul(high + byte, OTHER_PRIME);
    }
    return this.#word(start, position, low, high, spaced, dotted);
  }

  #maskedRun(start: number, stop: number, prefix: number, prefixHash: number, spaced: number): number {
    let seed = prefix > 0 ? prefixHash : 0;
    if (start - this.#lineStart < TIME_BYTES && BYTE_CLASS[this.#bytes[start]!] === DIGIT)
      seed ^= stop - start;
    return this.#value(start, stop, prefix, seed, spaced);
  }

  /** A run without telling digits is a word, unless what follows shows it to be the start of an address or a path. */
  #word(start: number, position: number, low: number, high: number, spaced: number, dotted: boolean): number {
    const bytes = this.#bytes;
    const end = this.#end;
    if (position + 1 < end) {
      const next = bytes[position]!;
      const after = bytes[position + 1]!;
      if (next === COLON) {
        if (
          after === SLASH &&
          bytes[position + 2] === SLASH &&
          position + 3 < end &&
          PATH_END[bytes[position + 3]!]! < 2
        ) {
          return this.#value(start, pathEnd(bytes, position + 3, end, 2), 0, 0, spaced);
        }
        if (dotted && BYTE_CLASS[after] === DIGIT) return this.#value(start, position, 0, 0, spaced);
      } else if ((next === SLASH || next === BACKSLASH) && BYTE_CLASS[after]! >= LETTER) {
        const stop = pathEnd(bytes, position, end, 1);
        if (hasSlash(bytes, position + 1, stop)) return this.#value(start, stop, 0, 0, spaced);
      }
    }
    if (position - start <= 4 && this.#isAddressGroup(start, position, spaced))
      return this.#value(start, position, 0, 0, 0);
    this.#token(WORD, start, position, low, high, spaced);
    return position;
  }

  /** Up to four of 0 to 9 and a to f behind a value and a colon: a group of an IPv6 or MAC address. */
  #isAddressGroup(start: number, stop: number, spaced: number): boolean {
    const last = this.count - 1;
    if (
      spaced ||
      last < 1 ||
      this.spaced[last] ||
      this.kinds[last] !== SYMBOL ||
      this.kinds[last - 1] !== VALUE
    )
      return false;
    if (this.#bytes[this.starts[last]!] !== COLON) return false;
    for (let position = start; position < stop; position++) {
      const byte = this.#bytes[position]!;
      if (BYTE_CLASS[byte] !== DIGIT && ((byte | 32) < 97 || (byte | 32) > 102)) return false;
    }
    return true;
  }

  #value(start: number, stop: number, prefix: number, seed: number, spaced: number): number {
    this.prefixes[this.count] = prefix;
    this.#token(VALUE, start, stop, seed, seed, spaced);
    return stop;
  }

  #token(kind: number, start: number, stop: number, low: number, high: number, spaced: number): void {
    const index = this.count++;
    this.kinds[index] = kind;
    this.starts[index] = start;
    this.ends[index] = stop;
    this.spaced[index] = spaced;
    const mark = (kind << 1) | spaced;
    const mixedLow = Math.imul(this.hashLow ^ low, 0x9e3779b1) + mark;
    this.hashLow = mixedLow ^ (mixedLow >>> 15);
    const mixedHigh = Math.imul(this.hashHigh ^ high, 0xc2b2ae35) + mark;
    this.hashHigh = mixedHigh ^ (mixedHigh >>> 13);
  }
}

function isPrefixEnd(byte: number, joiners: number): boolean {
  return byte === UNDERSCORE ? joiners === 0 : BYTE_CLASS[byte] === JOINER && joiners === 1;
}

function runEnd(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  for (; position < end; position++) {
    const kind = BYTE_CLASS[bytes[position]!]!;
    if (kind >= LETTER) continue;
    if (kind !== JOINER || !joins(bytes, position, end)) break;
  }
  return position;
}

/** A joiner stands between two characters of a run; up to three hyphens may. */
function joins(bytes: Uint8Array, position: number, end: number): boolean {
  let next = position + 1;
  while (next < position + 3 && next < end && bytes[next] === HYPHEN && bytes[position] === HYPHEN) next++;
  return next < end && BYTE_CLASS[bytes[next]!]! >= LETTER;
}

function pathEnd(bytes: Uint8Array, start: number, end: number, level: number): number {
  let position = start;
  while (position < end && PATH_END[bytes[position]!]! < level) position++;
  return position;
}

function hasSlash(bytes: Uint8Array, start: number, stop: number): boolean {
  for (let position = start; position < stop; position++) {
    if (bytes[position] === SLASH || bytes[position] === BACKSLASH) return true;
  }
  return false;
}
