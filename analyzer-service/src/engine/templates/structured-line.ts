import { BYTE_CLASS, DIGIT, LETTER, SPACE } from './byte-classes.ts';
import { SYMBOL, VALUE, WORD } from './token-kinds.ts';

/** What reads the pieces of a structured line: the line scanner. */
export interface TokenSink {
  /** Adds a token that follows a blank when `spaced` is 4. The bytes of words and symbols are part of the shape. */
  append(kind: number, start: number, end: number, spaced: number): void;
  /** Reads bytes as plain text. */
  appendText(start: number, end: number): void;
}

const [LINE_FEED, QUOTE, COMMA, COLON, EQUALS] = [10, 34, 44, 58, 61] as const;
const [OPEN_BRACKET, BACKSLASH, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE, LOWER_N] = [
  91, 92, 93, 123, 125, 110,
] as const;

/** Keys whose values are read as text, because they say what happened; other values are only values. */
const TELLING_KEYS = new Set(
  'msg message log event error err exception level severity lvl body'
    .split(' ')
    .map((key) => keyHash(new TextEncoder().encode(key), 0, key.length)),
);

/**
 * Reads a JSON object from its brace up to the end of the line: keys are wording, values are values, except those of
 * telling keys. Answers the end of the line, or 0 without having read anything when the line does not end in a brace.
 */
export function readJson(sink: TokenSink, bytes: Uint8Array, start: number, end: number): number {
  const stop = lineEnd(bytes, start, end);
  if (bytes[lastInk(bytes, start, stop)] !== CLOSE_BRACE) return 0;
  let position = start;
  let isTelling = false;
  while (position < stop) {
    const byte = bytes[position]!;
    if (BYTE_CLASS[byte]! <= SPACE) position++;
    else if (byte === QUOTE) {
      const close = stringEnd(bytes, position, stop);
      const colon = skipSpace(bytes, close, stop);
      if (bytes[colon] === COLON && colon < stop) {
        isTelling = TELLING_KEYS.has(keyHash(bytes, position + 1, close - 1));
        sink.append(hasNumber(bytes, position, close) ? VALUE : WORD, position, colon + 1, 0);
        position = colon + 1;
        continue;
      }
      appendString(sink, bytes, position, close, isTelling);
      position = close;
    } else if (byte === OPEN_BRACKET) {
      const close = arrayEnd(bytes, position, stop);
      sink.append(VALUE, position, close, 0);
      position = close;
    } else if (byte === OPEN_BRACE || byte === CLOSE_BRACE || byte === COMMA) {
      sink.append(SYMBOL, position, position + 1, 0);
      position++;
    } else {
      const close = literalEnd(bytes, position, stop);
      sink.append(VALUE, position, close, 0);
      position = close;
    }
  }
  return stop;
}

/**
 * Reads a line that is all `key=value` pairs (logfmt). Answers the end of the line, or 0 without having read anything
 * when the line begins with fewer than three pairs.
 */
export function readPairs(sink: TokenSink, bytes: Uint8Array, start: number, end: number): number {
  const stop = lineEnd(bytes, start, end);
  if (!beginsWithPairs(bytes, start, stop)) return 0;
  let position = start;
  let spaced = 0;
  while (position < stop) {
    if (BYTE_CLASS[bytes[position]!]! <= SPACE) {
      spaced = 4;
      position++;
      continue;
    }
    const valueStart = keyEnd(bytes, position, stop);
    const valueEnd =
      valueStart > position ? pairEnd(bytes, valueStart, stop) : pairEnd(bytes, position, stop);
    if (valueStart > position) {
      sink.append(WORD, position, valueStart, spaced);
      if (valueEnd > valueStart) {
        const isTelling = TELLING_KEYS.has(keyHash(bytes, position, valueStart - 1));
        if (isTelling && bytes[valueStart] !== QUOTE) sink.appendText(valueStart, valueEnd);
        else appendString(sink, bytes, valueStart, valueEnd, isTelling);
      }
    } else sink.append(VALUE, position, valueEnd, spaced);
    position = valueEnd;
    spaced = 0;
  }
  return stop;
}

/** A telling string is read as text up to its first escaped line feed: what follows is a stack trace. */
function appendString(
  sink: TokenSink,
  bytes: Uint8Array,
  start: number,
  end: number,
  isTelling: boolean,
): void {
  if (!isTelling) {
    sink.append(VALUE, start, end, 0);
    return;
  }
  let textEnd = start + 1;
  while (textEnd < end - 1 && !(bytes[textEnd] === BACKSLASH && bytes[textEnd + 1] === LOWER_N)) textEnd++;
  sink.append(SYMBOL, start, start + 1, 0);
  sink.appendText(start + 1, textEnd);
  if (end - 1 > start) sink.append(SYMBOL, end - 1, end, 0);
}

function beginsWithPairs(bytes: Uint8Array, start: number, stop: number): boolean {
  let position = start;
  for (let pairs = 0; pairs < 3; pairs++) {
    position = skipSpace(bytes, position, stop);
    const valueStart = keyEnd(bytes, position, stop);
    if (valueStart === position) return pairs === 2 && position === stop;
    position = pairEnd(bytes, valueStart, stop);
    if (position < stop && BYTE_CLASS[bytes[position]!]! > SPACE) return false;
  }
  return true;
}

/** Behind the `=` of a key, or `start` when no key begins there. */
function keyEnd(bytes: Uint8Array, start: number, stop: number): number {
  let position = start;
  while (position < stop && isKeyByte(bytes[position]!)) position++;
  return position > start && bytes[position] === EQUALS && position < stop ? position + 1 : start;
}

function isKeyByte(byte: number): boolean {
  return BYTE_CLASS[byte]! >= LETTER || byte === 45 || byte === 46;
}

function pairEnd(bytes: Uint8Array, start: number, stop: number): number {
  if (bytes[start] === QUOTE && start < stop) return stringEnd(bytes, start, stop);
  let position = start;
  while (position < stop && BYTE_CLASS[bytes[position]!]! > SPACE) position++;
  return position;
}

/** Behind the quote that closes the string which opens at `start`, or the end of the line. */
function stringEnd(bytes: Uint8Array, start: number, stop: number): number {
  let position = start + 1;
  while (position < stop && bytes[position] !== QUOTE) position += bytes[position] === BACKSLASH ? 2 : 1;
  return Math.min(position + 1, stop);
}

function arrayEnd(bytes: Uint8Array, start: number, stop: number): number {
  let depth = 0;
  let position = start;
  while (position < stop) {
    const byte = bytes[position]!;
    if (byte === QUOTE) {
      position = stringEnd(bytes, position, stop);
      continue;
    }
    if (byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACKET && --depth === 0) return position + 1;
    position++;
  }
  return stop;
}

function literalEnd(bytes: Uint8Array, start: number, stop: number): number {
  let position = start + 1;
  while (position < stop) {
    const byte = bytes[position]!;
    if (
      BYTE_CLASS[byte]! <= SPACE ||
      byte === COMMA ||
      byte === CLOSE_BRACE ||
      byte === CLOSE_BRACKET ||
      byte === QUOTE
    )
      break;
    position++;
  }
  return position;
}

function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  const found = bytes.indexOf(LINE_FEED, start);
  return found < 0 || found > end ? end : found;
}

function lastInk(bytes: Uint8Array, start: number, stop: number): number {
  let position = stop - 1;
  while (position > start && BYTE_CLASS[bytes[position]!]! <= SPACE) position--;
  return position;
}

function skipSpace(bytes: Uint8Array, start: number, stop: number): number {
  let position = start;
  while (position < stop && BYTE_CLASS[bytes[position]!]! <= SPACE) position++;
  return position;
}

/** Three digits in a row: a key that is an id. */
function hasNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let digits = 0;
  for (let position = start; position < end && digits < 3; position++)
    digits = BYTE_CLASS[bytes[position]!] === DIGIT ? digits + 1 : 0;
  return digits === 3;
}

/** Case does not matter. */
function keyHash(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let position = start; position < end; position++)
    hash = Math.imul(hash ^ (bytes[position]! | 32), 0x01000193);
  return hash;
}
