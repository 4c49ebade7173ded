/** What a piece of a line is. Values are what varies between two lines of one template; the rest is its wording. */
export type TokenKind = 'word' | 'delimiter' | ValueType;

/** The types a masked value can have, as far as its spelling tells. */
export type ValueType =
  'number' | 'duration' | 'size' | 'timestamp' | 'ip' | 'host' | 'uuid' | 'hex' | 'path' | 'url' | 'id';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** White space stands between the token before and this one. */
  readonly spaced: boolean;
}

/** Only this much of a message decides its template; the rest is one trailing value. Bounds the cost of a hostile line. */
export const TOKENS_MAX = 400;

/**
 * Cuts a message into words, delimiters and typed values by spelling alone: numbers, hex, addresses, paths, ids with
 * digits. Words that happen to vary are left to the grouping. Linear in the length of the message.
 */
export function tokenize(message: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  let spaced = false;
  while (position < message.length && tokens.length < TOKENS_MAX) {
    if (isSpace(message.charCodeAt(position))) {
      spaced = true;
      position++;
      continue;
    }
    const token = matchSpecial(message, position, spaced) ?? matchRun(message, position, spaced);
    tokens.push(token);
    position += token.text.length;
    spaced = false;
  }
  return tokens;
}

export function isValue(kind: TokenKind): kind is ValueType {
  return kind !== 'word' && kind !== 'delimiter';
}

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}';
const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}';
const CLOCK = String.raw`\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?`;
const OCTET = String.raw`\d{1,3}`;
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;

/** Spellings that no run of word characters shows, tried in this order at the start of a token. */
const SPECIALS: readonly (readonly [ValueType, RegExp])[] = [
  ['url', /[A-Za-z][A-Za-z0-9+.-]{1,15}:\/\/[^\s"'<>()[\]{},;]+/y],
  ['uuid', /[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])/y],
  [
    'timestamp',
    new RegExp(
      `(?:${WEEKDAY},? +)?${MONTH} +\\d{1,2},?(?: +\\d{4})? +${CLOCK}(?: [A-Z]{3,4})?(?: \\d{4})?`,
      'y',
    ),
  ],
  [
    'timestamp',
    new RegExp(
      String.raw`\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T :.-]{1,2}\d{1,2}[:.]\d{2}[:.]\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w])`,
      'y',
    ),
  ],
  ['timestamp', new RegExp(`${CLOCK}(?![\\w:])`, 'y')],
  ['ip', new RegExp(`/?${IPV4}(?::\\d{1,5})?(?![\\w.-]*\\w)`, 'y')],
  ['ip', /(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}(?![\w:])/y],
  ['path', /(?:[A-Za-z]:\\|\\\\|~?\/|\.{1,2}\/)[\w.$%@~*+-][^\s"'<>()[\]{},;:=|!]*/y],
  ['host', /[A-Za-z][\w-]*(?:\.[\w-]+)+:\d{1,5}(?![\w:.-]*\w)/y],
];

function matchSpecial(message: string, position: number, spaced: boolean): Token | null {
  const previous = position === 0 ? 32 : message.charCodeAt(position - 1);
  if (isRunCharacter(previous)) return null;
  for (const [kind, pattern] of SPECIALS) {
    pattern.lastIndex = position;
    const found = pattern.exec(message);
    if (found) return { kind, text: found[0], spaced };
  }
  return null;
}

const RUN = /[\p{L}\p{N}_$%~#]+(?:[.-][\p{L}\p{N}_$%~#]+)*|[\s\S]/uy;

function matchRun(message: string, position: number, spaced: boolean): Token {
  const signed = message.charCodeAt(position) === 45 && /\d/.test(message[position + 1] ?? '');
  RUN.lastIndex = signed ? position + 1 : position;
  const text = (signed ? '-' : '') + (RUN.exec(message)?.[0] ?? '');
  return { kind: kindOfRun(text), text, spaced };
}

const NUMBER = /^[-#]?\d+(?:[.]\d+)*%?$/;
const UNIT = /^-?\d+(?:\.\d+)?(ns|us|µs|ms|s|sec|secs|m|min|mins|h|hrs|d)$/i;
const SIZE = /^-?\d+(?:\.\d+)?([kmgtp]i?b?|b|bytes?)$/i;
const HEX = /^(?:0[xX][0-9a-fA-F]+|(?=[a-fA-F]*\d)[0-9a-fA-F]{6,})$/;
/** A name with a short number at its end (ssh2, tty2, L3): wording, until it is seen to vary. */
const NUMBERED_NAME = /^[^\d]+\d{1,2}(?!\d)[^\d]*$/;

function kindOfRun(run: string): TokenKind {
  if (!/\d/.test(run)) return /[\p{L}_]/u.test(run) ? 'word' : 'delimiter';
  if (NUMBER.test(run)) return 'number';
  if (UNIT.test(run)) return 'duration';
  if (SIZE.test(run)) return 'size';
  if (HEX.test(run)) return 'hex';
  return run.split(/[.-]/).every((part) => !/\d/.test(part) || NUMBERED_NAME.test(part)) ? 'word' : 'id';
}

function isRunCharacter(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95
  );
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
