import type { LineScanner } from './line-scanner.ts';
import { SYMBOL, VALUE, WORD } from './token-kinds.ts';

/** A place of a message. Messages with equal keys in all places have one template before any grouping of words. */
export interface Column {
  /** What must be equal for two messages to be alike here. */
  readonly key: string;
  /** The wording here as the template shows it when all alike messages agree; otherwise `<*>`. */
  readonly text: string;
  readonly kind: 'word' | 'symbol' | 'value';
  readonly spaced: boolean;
  /** The tokens that it covers: from this one up to, not including, the next. */
  readonly firstToken: number;
  readonly endToken: number;
}

export const WILDCARD = '<*>';

interface Token {
  readonly kind: number;
  readonly text: string;
  readonly spaced: boolean;
}

/** The columns of the line that the scanner holds, from the byte where its message begins. Linear in its tokens. */
export function columnsOf(scanner: LineScanner, bytes: Uint8Array, messageStart: number): Column[] {
  const first = firstToken(scanner, messageStart);
  const tokens = readTokens(scanner, bytes, first);
  const columns: Column[] = [];
  const push = (kind: Column['kind'], key: string, text: string, from: number, to: number): void => {
    const spaced = tokens[from]?.spaced ?? false;
    columns.push({ key, text, kind, spaced, firstToken: first + from, endToken: first + to });
  };
  for (let position = 0; position < tokens.length;) {
    const token = tokens[position]!;
    const value = readValues(tokens, position);
    if (value.end > position) {
      push('value', WILDCARD, value.text, position, value.end);
      position = value.end;
    } else if (token.kind === WORD) {
      push('word', token.text.replace(/\d+/g, '0'), token.text, position, ++position);
    } else if (quotedEnd(tokens, position) > position) {
      const end = quotedEnd(tokens, position);
      const quoted = textOf(tokens, position, end);
      push('word', quoted.replace(/\d+/g, '0'), quoted, position, end);
      position = end;
    } else {
      push('symbol', token.text, token.text, position, ++position);
      const end = token.text === '=' ? freeValueEnd(tokens, position) : listEnd(tokens, position);
      if (end > position) {
        push('value', WILDCARD, textOf(tokens, position, end), position, end);
        position = end;
      } else if (isEmptyBracket(tokens, position - 1)) push('value', WILDCARD, '', position, position);
    }
  }
  return columns;
}

function firstToken(scanner: LineScanner, messageStart: number): number {
  let first = 0;
  while (first < scanner.count && scanner.starts[first]! < messageStart) first++;
  return first;
}

const decoder = new TextDecoder();

function readTokens(scanner: LineScanner, bytes: Uint8Array, first: number): Token[] {
  const tokens: Token[] = [];
  for (let i = first; i < scanner.count; i++) {
    const kind = scanner.marks[i]! & 3;
    const start = scanner.starts[i]!;
    const end = kind === VALUE ? start + (scanner.marks[i]! >> 3) : scanner.ends[i]!;
    const text = decoder.decode(bytes.subarray(start, end));
    tokens.push({
      kind,
      text: kind === VALUE ? text + WILDCARD : text,
      spaced: (scanner.marks[i]! & 4) !== 0,
    });
  }
  for (let i = tokens.length - 1; i >= 0; i--)
    if (isSpelledValue(tokens, i)) tokens[i] = { ...tokens[i]!, kind: VALUE, text: WILDCARD };
  return tokens;
}

const LITERALS = new Set([
  'true',
  'false',
  'null',
  'NULL',
  'nil',
  'undefined',
  'NaN',
  'True',
  'False',
  'TRUE',
  'FALSE',
]);
const MONTH = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}$/;
const WEEKDAY = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}$/;

/** Words that are values: literals of programming languages, and the names in a date. */
function isSpelledValue(tokens: readonly Token[], position: number): boolean {
  const { kind, text } = tokens[position]!;
  if (kind !== WORD) return false;
  if (LITERALS.has(text)) return true;
  if (/^[0-9A-Fa-f]{1,4}$/.test(text)) return isAddressStart(tokens, position);
  if (!MONTH.test(text) && !WEEKDAY.test(text)) return false;
  const next = tokens[position + 1];
  return (
    next?.kind === VALUE ||
    (next?.kind === SYMBOL && '/-,'.includes(next.text) && tokens[position + 2]?.kind === VALUE)
  );
}

/** `FF:F2:` before a value and another colon: the scanner saw letters where an address begins. */
function isAddressStart(tokens: readonly Token[], position: number): boolean {
  const [colon, group, nextColon] = [tokens[position + 1], tokens[position + 2], tokens[position + 3]];
  return (
    colon?.text === ':' &&
    group?.kind === VALUE &&
    nextColon?.text === ':' &&
    !colon.spaced &&
    !group.spaced &&
    !nextColon.spaced
  );
}

/** Neighbouring values are one: address and port, a list, a date and a time. */
function readValues(
  tokens: readonly Token[],
  start: number,
): { readonly end: number; readonly text: string } {
  let { end, text } = readQuantity(tokens, start);
  while (end > start) {
    const jointEnd = readJoint(tokens, end);
    const next = readQuantity(tokens, jointEnd);
    if (next.end === jointEnd) break;
    end = next.end;
    text = WILDCARD;
  }
  return { end, text };
}

/** Symbols that bind two values: up to three without a blank, or a comma or semicolon at the end of the first. */
function readJoint(tokens: readonly Token[], start: number): number {
  let end = start;
  while (
    end < tokens.length &&
    end - start < 3 &&
    tokens[end]!.kind === SYMBOL &&
    !tokens[end]!.spaced &&
    ':/@-.|\\+*#&,;'.includes(tokens[end]!.text)
  )
    end++;
  if (end === start || !tokens[end]?.spaced) return end;
  return end === start + 1 && ',;'.includes(tokens[start]!.text) ? end : start;
}

const UNITS = new Set(
  `ns us µs ms s sec secs second seconds millis millisecond milliseconds microsecond microseconds nanoseconds
   min mins minute minutes h hour hours day days b bytes byte kb mb gb tb kib mib gib tib %`.split(/\s+/),
);
const SIGNS = '<>-+';

/** A value with its sign and its unit, and the same quantity once more in brackets: `1342 bytes (1.31 KB)`. */
function readQuantity(
  tokens: readonly Token[],
  start: number,
): { readonly end: number; readonly text: string } {
  let position = start;
  const sign = tokens[position];
  if (
    sign?.kind === SYMBOL &&
    SIGNS.includes(sign.text) &&
    isAttachedValue(tokens[position + 1]) &&
    tokens[position + 2]?.text !== '>'
  )
    position++;
  const value = tokens[position];
  if (value?.kind !== VALUE) return { end: start, text: '' };
  let text = value.text;
  position++;
  const unit = tokens[position];
  if (!isUnit(unit)) return { end: position, text };
  text += (unit.spaced ? ' ' : '') + unit.text;
  position++;
  const restated =
    tokens[position]?.text === '(' &&
    tokens[position + 1]?.kind === VALUE &&
    isUnit(tokens[position + 2]) &&
    tokens[position + 3]?.text === ')';
  return restated ? { end: position + 4, text: WILDCARD } : { end: position, text };
}

function isAttachedValue(token: Token | undefined): boolean {
  return token?.kind === VALUE && !token.spaced;
}

function isUnit(token: Token | undefined): token is Token {
  return token !== undefined && token.kind !== VALUE && UNITS.has(token.text.toLowerCase());
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['"', '"'],
  ["'", "'"],
]);

/** Brackets with nothing in them are a value that is missing, unless they belong to a name: `main()`. */
function isEmptyBracket(tokens: readonly Token[], position: number): boolean {
  const open = tokens[position]!;
  const close = tokens[position + 1];
  if (!close || close.spaced || CLOSING.get(open.text) !== close.text) return false;
  const before = tokens[position - 1]?.text;
  return open.spaced || before === undefined || before === '=' || before === ':';
}

const QUOTED_TOKENS_MAX = 40;

/** Quoted wording in a sentence is one word, however many it has: `user "bob smith" logged in`. */
function quotedEnd(tokens: readonly Token[], start: number): number {
  const open = tokens[start]!;
  if (open.text !== '"' || !open.spaced) return start;
  const inner = tokens.slice(start + 1, start + QUOTED_TOKENS_MAX);
  const end = inner.findIndex((token) => token.kind === VALUE || token.text === '"');
  return end > 0 && inner[end]!.kind !== VALUE ? start + end + 2 : start;
}

/** The word or the quoted text behind `=` is a value whose type nobody told, unless it is the key of the next pair. */
function freeValueEnd(tokens: readonly Token[], start: number): number {
  const first = tokens[start];
  if (!first || (first.spaced && tokens[start + 1]?.text === '=')) return start;
  if (first.text === '"' || first.text === "'") {
    const quoted = tokens
      .slice(start + 1, start + QUOTED_TOKENS_MAX)
      .findIndex((token) => token.text === first.text);
    return quoted < 0 ? start : start + quoted + 2;
  }
  if (first.kind !== WORD) return start;
  let end = start + 1;
  while (end < tokens.length && !tokens[end]!.spaced && !',;)]}>"\'|&('.includes(tokens[end]!.text)) end++;
  return end;
}

/** Behind the last of two or more words or values between square brackets and commas: a list of any length is a value. */
function listEnd(tokens: readonly Token[], start: number): number {
  if (tokens[start - 1]?.text !== '[') return start;
  let position = start;
  while (tokens[position] && tokens[position]!.kind !== SYMBOL && tokens[position + 1]?.text === ',')
    position += 2;
  const closes = tokens[position] && tokens[position]!.kind !== SYMBOL && tokens[position + 1]?.text === ']';
  return closes && position > start ? position + 1 : start;
}

function textOf(tokens: readonly Token[], start: number, end: number): string {
  return tokens
    .slice(start, end)
    .map((token, i) => (token.spaced && i > 0 ? ` ${token.text}` : token.text))
    .join('');
}
