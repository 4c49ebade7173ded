/**
 * Reads JSON objects as Loki's own parser does: keys are visited in order, numbers keep their text, and what
 * follows a mistake is not looked at, so that a cut-off line still gives the fields before the cut.
 */
export type JsonType = 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array';

/** Called with the key and where the raw value lies (a string without its quotes); false stops the scan. */
export type JsonVisitor = (key: string, type: JsonType, from: number, to: number) => boolean;

export class JsonSyntaxError extends Error {}

const OBJECT_ERROR = "Value looks like object, but can't find closing '}' symbol";
const DEPTH_MAX = 128;

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

export function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** Visits the members of the object in text[from, to). Answers false when the visitor stopped. */
export function scanObject(text: string, from: number, to: number, visit: JsonVisitor): boolean {
  let at = skipSpace(text, from, to);
  if (text.charCodeAt(at) !== 123 || at >= to) throw new JsonSyntaxError(OBJECT_ERROR);
  at = skipSpace(text, at + 1, to);
  if (text.charCodeAt(at) === 125 && at < to) return true;
  while (at < to) {
    if (text.charCodeAt(at) !== 34) throw new JsonSyntaxError(OBJECT_ERROR);
    const keyEnd = stringEnd(text, at + 1, to);
    const key = unescapeJson(text.slice(at + 1, keyEnd));
    if (key === null) throw new JsonSyntaxError('Encountered an invalid escape sequence in a string');
    at = skipSpace(text, keyEnd + 1, to);
    if (text.charCodeAt(at) !== 58 || at >= to) throw new JsonSyntaxError('Malformed JSON error');
    at = skipSpace(text, at + 1, to);
    if (at >= to) throw new JsonSyntaxError('Malformed JSON error');
    const end = valueEnd(text, at, to);
    if (!visitValue(text, key, at, end, visit)) return false;
    at = skipSpace(text, end, to);
    if (text.charCodeAt(at) === 125 && at < to) return true;
    if (text.charCodeAt(at) !== 44) throw new JsonSyntaxError(OBJECT_ERROR);
    at = skipSpace(text, at + 1, to);
  }
  throw new JsonSyntaxError(OBJECT_ERROR);
}

/** Visits the elements of the array in text[from, to) with their index as key. */
export function scanArray(text: string, from: number, to: number, visit: JsonVisitor): boolean {
  let at = skipSpace(text, from + 1, to);
  for (let index = 0; at < to && text.charCodeAt(at) !== 93; index += 1) {
    const end = valueEnd(text, at, to);
    if (!visitValue(text, String(index), at, end, visit)) return false;
    at = skipSpace(text, end, to);
    if (text.charCodeAt(at) === 44) at = skipSpace(text, at + 1, to);
    else if (text.charCodeAt(at) !== 93)
      throw new JsonSyntaxError("Value is array, but can't find closing ']' symbol");
  }
  return true;
}

function visitValue(text: string, key: string, from: number, end: number, visit: JsonVisitor): boolean {
  switch (text.charCodeAt(from)) {
    case 34:
      return visit(key, 'string', from + 1, end - 1);
    case 123:
      return visit(key, 'object', from, end);
    case 91:
      return visit(key, 'array', from, end);
    default:
      return visit(key, scalarType(text.slice(from, end)), from, end);
  }
}

function scalarType(token: string): JsonType {
  if (token === 'true' || token === 'false') return 'boolean';
  if (token === 'null') return 'null';
  if (/^[-0-9]/.test(token)) return 'number';
  throw new JsonSyntaxError('Unknown value type');
}

/** Where the value that starts at a place ends. */
export function valueEnd(text: string, from: number, to: number): number {
  const first = text.charCodeAt(from);
  if (first === 34) return stringEnd(text, from + 1, to) + 1;
  if (first === 123 || first === 91) return blockEnd(text, from, to);
  let at = from;
  while (at < to && !isTokenEnd(text.charCodeAt(at))) at += 1;
  if (at === from) throw new JsonSyntaxError('Unknown value type');
  return at;
}

const isTokenEnd = (code: number): boolean => isSpace(code) || code === 44 || code === 125 || code === 93;

function stringEnd(text: string, from: number, to: number): number {
  let end = text.indexOf('"', from);
  while (end >= 0 && end < to) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 92 && end - 1 - slashes >= from) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  throw new JsonSyntaxError("Value looks like string, but can't find closing '\"' symbol");
}

function blockEnd(text: string, from: number, to: number): number {
  const open = text.charCodeAt(from);
  const close = open === 123 ? 125 : 93;
  let depth = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) at = stringEnd(text, at + 1, to);
    else if (code === open) depth += 1;
    else if (code === close) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
    if (depth > DEPTH_MAX) throw new JsonSyntaxError('Value is nested too deeply');
  }
  throw new JsonSyntaxError(
    open === 123 ? OBJECT_ERROR : "Value is array, but can't find closing ']' symbol",
  );
}

/** The text of a JSON string without its quotes, or null when an escape is invalid. */
export function unescapeJson(raw: string): string | null {
  if (!raw.includes('\\')) return raw;
  try {
    return (JSON.parse(`"${raw.replaceAll(/[\u0000-\u001f]/g, escapeControl)}"`) as string).toWellFormed();
  } catch {
    return null;
  }
}

const escapeControl = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The value of a string field as a label: Prometheus refuses U+FFFD, so such a value becomes empty. */
export function labelValueOf(raw: string): string {
  const value = unescapeJson(raw);
  return value === null || value.includes('\ufffd') ? '' : value;
}
