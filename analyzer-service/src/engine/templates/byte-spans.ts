import * as byteClasses from './byte-classes.ts';

const { BYTE_CLASS, DIGIT, JOINER, LETTER, PATH_END } = byteClasses;
const SLASH = 47;
const BACKSLASH = 92;

/**
 * The end of a run behind a value and a colon that belongs to the value: one with a digit, as in `R02-M1:J12-U01`, or
 * two or four of a to f, a group of a MAC or IPv6 address. Otherwise 0.
 */
export function boundRunEnd(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  let isAddress = true;
  let hasDigit = false;
  for (; position < end; position++) {
    const kind = BYTE_CLASS[bytes[position]!]!;
    if (
      kind < LETTER &&
      (kind !== JOINER || position + 1 === end || BYTE_CLASS[bytes[position + 1]!]! < LETTER)
    )
      break;
    const letter = bytes[position]! | 32;
    if (kind === DIGIT) hasDigit = true;
    else if (letter < 97 || letter > 102) isAddress = false;
  }
  const length = position - start;
  return hasDigit || (isAddress && (length === 2 || length === 4)) ? position : 0;
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
