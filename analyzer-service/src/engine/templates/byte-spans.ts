import * as byteClasses from './byte-classes.ts';

const { BYTE_CLASS, LETTER, PATH_END } = byteClasses;
const SLASH = 47;
const BACKSLASH = 92;

/** Two or four of 0 to 9 and a to f, and nothing of a run behind them: a group of a MAC or IPv6 address. Or 0. */
export function addressGroupEnd(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  while (position < end && position < start + 5 && BYTE_CLASS[bytes[position]!]! >= LETTER) {
    const letter = bytes[position]! | 32;
    if (BYTE_CLASS[bytes[position]!] === LETTER && (letter < 97 || letter > 102)) return 0;
    position++;
  }
  return position - start === 2 || position - start === 4 ? position : 0;
}

/** The end of a path, at `level` 1, or of an address with a scheme, at 2. */
export function pathEnd(bytes: Uint8Array, start: number, end: number, level: 1 | 2): number {
  let position = start;
  while (position < end && PATH_END[bytes[position]!]! < level) position++;
  return position;
}

export function hasSlash(bytes: Uint8Array, start: number, stop: number): boolean {
  for (let position = start; position < stop; position++) {
    if (bytes[position] === SLASH || bytes[position] === BACKSLASH) return true;
  }
  return false;
}
