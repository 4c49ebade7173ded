import { fromNamedValues } from './json.ts';
import type { ParsedLine } from './parsed-line.ts';
import type { DateOptions } from './timestamp.ts';

/** A line of `key=value` pairs from its first character on, with values bare or in double quotes. */
export function parseLogfmtLine(text: string, options: DateOptions): ParsedLine | null {
  FIRST_PAIR.lastIndex = 0;
  if (!FIRST_PAIR.test(text)) return null;
  const values = readPairs(text);
  if (values === null || !WELL_KNOWN_KEYS.some((key) => values.has(key))) return null;
  return fromNamedValues(values, text, options);
}

const FIRST_PAIR = /[A-Za-z_@][\w.@/-]{0,63}=/y;
const PAIRS_MAX = 100;
const WELL_KNOWN_KEYS = ['msg', 'message', 'level', 'lvl', 'severity', 'ts', 'time', 'timestamp'];

/** Null when less than half of the words are pairs: then it is prose that begins with a pair. */
function readPairs(text: string): ReadonlyMap<string, string> | null {
  const values = new Map<string, string>();
  let bareWords = 0;
  let equals = -1;
  let at = 0;
  while (at < text.length && values.size < PAIRS_MAX) {
    while (text.charCodeAt(at) === 32) at++;
    const blank = endOfWord(text, at);
    if (equals < at) equals = text.indexOf('=', at);
    if (equals === -1 || bareWords > PAIRS_MAX) break;
    if (equals > blank) {
      bareWords++;
      at = blank;
      continue;
    }
    const quoted = text.charCodeAt(equals + 1) === 34;
    const end = quoted ? endOfQuotes(text, equals + 1) : blank;
    const key = text.slice(at, equals);
    if (!values.has(key))
      values.set(key, quoted ? unquote(text.slice(equals + 2, end - 1)) : text.slice(equals + 1, end));
    at = end;
  }
  return bareWords > values.size ? null : values;
}

function endOfWord(text: string, at: number): number {
  const blank = text.indexOf(' ', at);
  return blank === -1 ? text.length : blank;
}

/** The index after the closing quote, or the end of the text when there is none. */
function endOfQuotes(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) return at + 1;
  }
  return text.length;
}

function unquote(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(.)/g, (_, next: string) => ESCAPES[next] ?? next) : text;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
