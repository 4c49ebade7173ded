import type { Token, TokenKind, ValueType } from './tokens.ts';
import { isValue, tokenize } from './tokens.ts';

/** A place of a message. Messages with equal keys in all places have one template before any grouping of words. */
export interface Column {
  /** What must be equal for two messages to be alike here. */
  readonly key: string;
  /** The wording here as the template shows it when all alike messages agree; otherwise `<*>`. */
  readonly text: string;
  readonly kind: 'word' | 'delimiter' | 'value';
  readonly spaced: boolean;
}

export const WILDCARD = '<*>';

/** Cuts a message into columns. Linear in the length of the message. */
export function columnsOf(message: string): Column[] {
  const tokens = tokenize(message);
  const columns: Column[] = [];
  let position = 0;
  while (position < tokens.length) {
    const value = readValue(tokens, position);
    if (value.end > position) {
      columns.push({ key: WILDCARD, text: value.text, kind: 'value', spaced: tokens[position]!.spaced });
      position = value.end;
      continue;
    }
    const token = tokens[position]!;
    if (token.kind === 'delimiter') {
      columns.push({ key: token.text, text: token.text, kind: 'delimiter', spaced: token.spaced });
      position++;
      if (token.text === '=' && isFreeWord(tokens, position))
        position = readFreeWord(tokens, position, columns);
      if (isEmptyBracket(tokens, position - 1))
        columns.push({ key: WILDCARD, text: '', kind: 'value', spaced: false });
      continue;
    }
    columns.push({
      key: token.text.replace(/\d+/g, '0'),
      text: token.text,
      kind: 'word',
      spaced: token.spaced,
    });
    position++;
  }
  return columns;
}

/** One or more values that belong together: address:port, a quantity with its unit, a list. */
function readValue(tokens: readonly Token[], start: number): { end: number; text: string } {
  let { end, text } = readQuantity(tokens, start);
  while (end > start && end < tokens.length) {
    const joint = tokens[end]!;
    const separator = isJoint(joint, tokens[end + 1]) ? joint : null;
    const next = readQuantity(tokens, separator ? end + 1 : end);
    if (next.end === (separator ? end + 1 : end)) break;
    text +=
      (separator ? separator.text : '') + (tokens[separator ? end + 1 : end]!.spaced ? ' ' : '') + next.text;
    end = next.end;
  }
  return { end, text };
}

/** `:`, `/` and the like between two values without a blank, or a comma with or without one. */
function isJoint(token: Token, next: Token | undefined): boolean {
  if (token.kind !== 'delimiter' || token.spaced || !next) return false;
  return token.text === ',' || token.text === ';' ? true : !next.spaced && ':/@-.|\\+*x'.includes(token.text);
}

const UNITS = new Set(
  'ns us µs ms s sec secs second seconds millisecond milliseconds microseconds nanoseconds m min mins minute minutes h hour hours day days b bytes byte kb mb gb tb kib mib gib % percent'.split(
    ' ',
  ),
);

function readQuantity(tokens: readonly Token[], start: number): { end: number; text: string } {
  let position = start;
  let text = '';
  const sign = tokens[position];
  if (sign?.kind === 'delimiter' && '<>~'.includes(sign.text) && isPlainNumber(tokens[position + 1])) {
    text = sign.text;
    position++;
  }
  const value = tokens[position];
  if (!value || !isValue(value.kind)) return { end: start, text: '' };
  text += WILDCARD;
  position++;
  if (value.kind !== 'number') return { end: position, text };
  const unit = tokens[position];
  if (!isUnit(unit)) return { end: position, text };
  text += (unit.spaced ? ' ' : '') + unit.text;
  position++;
  if (
    tokens[position]?.text === '(' &&
    tokens[position + 1]?.kind === 'number' &&
    isUnit(tokens[position + 2]) &&
    tokens[position + 3]?.text === ')'
  ) {
    text += ` (${WILDCARD} ${tokens[position + 2]!.text})`;
    position += 4;
  }
  return { end: position, text };
}

function isPlainNumber(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    !token.spaced &&
    (token.kind === 'number' || token.kind === 'duration' || token.kind === 'size')
  );
}

function isUnit(token: Token | undefined): token is Token {
  return token?.kind === 'word' && UNITS.has(token.text.toLowerCase());
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['"', '"'],
  ["'", "'"],
]);

function isEmptyBracket(tokens: readonly Token[], position: number): boolean {
  const open = tokens[position];
  const close = tokens[position + 1];
  if (!open || !close || close.spaced || CLOSING.get(open.text) !== close.text) return false;
  const before = tokens[position - 1];
  return open.spaced || before === undefined || before.text === '=' || before.text === ':';
}

/** The word behind `=` is a value whose type nobody told, unless it is the key of the next pair. */
function isFreeWord(tokens: readonly Token[], position: number): boolean {
  const token = tokens[position];
  return token?.kind === 'word' && !(token.spaced && tokens[position + 1]?.text === '=');
}

function readFreeWord(tokens: readonly Token[], start: number, columns: Column[]): number {
  let end = start + 1;
  let text = tokens[start]!.text;
  while (end < tokens.length && !tokens[end]!.spaced && !',;)]}>"\'|&('.includes(tokens[end]!.text)) {
    text += isValue(tokens[end]!.kind) ? WILDCARD : tokens[end]!.text;
    end++;
  }
  columns.push({ key: WILDCARD, text, kind: 'value', spaced: tokens[start]!.spaced });
  return end;
}

export type { TokenKind, ValueType };
