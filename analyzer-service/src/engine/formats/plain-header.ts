import { parseLevel, type Level } from '../log-line.ts';
import { DOTTED, LETTER, LOWER, readToken, type Token } from './token.ts';

/** The header of a plain line: its level, its logger, and where the message begins. */
export interface PlainHeader {
  readonly level: Level;
  readonly component: string;
  readonly end: number;
}

/** Words and bracketed groups that are looked at before giving up. */
const PIECES_MAX = 12;
const BRACKETS_MAX = 4;
const BRACKET_CHARS_MAX = 160;

/**
 * Reads the header that begins at `start`. What stands before a level or a logger name counts as header only
 * when it cannot be prose (numbers, node names, capitals); without either, the message begins at `start`.
 */
export function readHeader(text: string, start: number): PlainHeader {
  const key = text.substr(start, KEY_CHARS);
  const known = headers.get(key);
  if (known !== undefined && text.startsWith(known.text, start))
    return { level: known.level, component: known.component, end: start + known.text.length };
  const { level, component, end, isComplete } = parseHeader(text, start);
  if (isComplete) {
    if (headers.size >= HEADERS_MAX) headers.clear();
    headers.set(key, { text: text.slice(start, end), level, component });
  }
  return { level, component, end };
}

/**
 * Complete headers (those that a logger's name ends) by their first characters: most lines of a log have one that was
 * seen before. It only saves work: the answer is the same without it.
 */
const headers = new Map<
  string,
  { readonly text: string; readonly level: Level; readonly component: string }
>();
const KEY_CHARS = 20;
const HEADERS_MAX = 1000;

function parseHeader(text: string, start: number): PlainHeader & { readonly isComplete: boolean } {
  const state: HeaderState = {
    at: start,
    end: start,
    level: 'unknown',
    component: '',
    candidate: '',
    brackets: 0,
    isComplete: false,
  };
  let more = true;
  for (let pieces = 0; more && pieces < PIECES_MAX; pieces++) {
    state.at = skipBlanks(text, state.at);
    if (state.at >= text.length) break;
    more = readPiece(text, state);
  }
  const { level, component, isComplete } = state;
  return { level, component, end: skipBlanks(text, state.end), isComplete };
}

interface HeaderState {
  /** How far the header was looked at, and how far it surely goes. */
  at: number;
  end: number;
  level: Level;
  component: string;
  /** The last name before the level: the logger when no other is named. */
  candidate: string;
  brackets: number;
  /** Nothing that could follow would still be header. */
  isComplete: boolean;
}

/** Takes one piece; false when the message begins here. */
function readPiece(text: string, state: HeaderState): boolean {
  const code = text.charCodeAt(state.at);
  if (code === 91) return readBracket(text, state);
  if (CLOSING.includes(text.charAt(state.at))) return takeSeparator(state, state.at + 1);
  const token = readToken(text, state.at);
  if (token.classes === 0 && token.end - state.at <= 4) return takeSeparator(state, token.end);
  if (state.level === 'unknown' && readLevel(text, state, token)) return true;
  if (readLogger(text, state, token)) {
    state.isComplete = state.level !== 'unknown';
    return !state.isComplete;
  }
  return state.level === 'unknown'
    ? passWhatIsNoProse(text, state, token)
    : readAfterLevel(text, state, token);
}

const CLOSING = '],:)';

/** A separator right behind sure header is header; behind what may still turn out to be prose it is not. */
function takeSeparator(state: HeaderState, end: number): boolean {
  const isSure = state.level !== 'unknown' || (state.candidate === '' && state.brackets === 0);
  state.at = end;
  if (isSure) state.end = end;
  return true;
}

/** `INFO`, `Warning:`, `error:`, Postgres's `LOG:`, and Android's `D Tag:` and `E/Tag:`. */
function readLevel(text: string, state: HeaderState, token: Token): boolean {
  const { at } = state;
  const length = token.lettersEnd - at;
  if (length === 0 || length > 11) return false;
  const next = text.charAt(token.lettersEnd);
  if (token.lettersEnd < token.end && !':,|)/]-'.includes(next)) return false;
  if (length === 1 && !LEVEL_LETTER.test(text.slice(at, at + 80))) return false;
  if (length === 2) return false;
  const word = text.slice(at, token.lettersEnd);
  const level = word === 'LOG' ? 'info' : parseLevel(word);
  const isLowerCase = text.charCodeAt(at) >= 97;
  if (level === 'unknown' || (isLowerCase && next !== ':')) return false;
  state.level = level;
  if (state.component === '') state.component = state.candidate;
  state.at = token.lettersEnd;
  if (next === '/') readAfterSlash(text, state);
  state.end = state.at;
  return true;
}

const LEVEL_LETTER = /^[VDIWEF](?:\/|\s+[\w./$-]{2,60}(?:\(\s*\d{1,10}\))?:|, \[| \d)/;

/** Celery's `INFO/MainProcess]` and Android's `E/Tag(123):`. */
function readAfterSlash(text: string, state: HeaderState): void {
  const token = readToken(text, state.at + 1);
  state.component = text.slice(state.at + 1, token.nameEnd);
  state.at = token.end;
}

/** `a.b.C:`, `CamelCase:`, `main.go:10:`, `snake_case - `: a name that no sentence begins with. */
function readLogger(text: string, state: HeaderState, token: Token): boolean {
  const { nameEnd, end } = token;
  if (nameEnd === state.at || (token.classes & LETTER) === 0 || end - state.at > 120) return false;
  const endsWithColon = text.charCodeAt(end - 1) === 58;
  const suffix = text.charAt(nameEnd);
  const isWhole = nameEnd === end;
  const isDashed = isWhole && (text.startsWith(' - ', end) || text.startsWith(' : ', end));
  if (!isDashed && !(endsWithColon && (suffix === ':' || suffix === '(' || suffix === '['))) return false;
  const isName = (token.nameClasses & DOTTED) !== 0 || token.isCamelCase;
  if (!isName && !(isDashed && state.level !== 'unknown')) return false;
  state.component = text.slice(state.at, nameEnd);
  state.at = isDashed ? end + 3 : end;
  state.end = state.at;
  return true;
}

/** Before a level: numbers, names in capitals, dates and the like may be header, if a level follows. */
function passWhatIsNoProse(text: string, state: HeaderState, token: Token): boolean {
  const isProse = (token.classes & LOWER) !== 0 && (token.nameClasses & DOTTED) === 0;
  const isDashed = text.startsWith(' - ', token.end);
  if (isProse && !isDashed && text.charAt(token.nameEnd) !== '#') return false;
  const name = text.slice(state.at, token.end);
  if ((token.classes & LETTER) !== 0 && token.nameEnd === token.end && !name.includes('@'))
    state.candidate = name;
  state.at = token.end;
  return true;
}

/** Spring's process id, nginx's `12#0:`, or a short name set off as a column. */
function readAfterLevel(text: string, state: HeaderState, token: Token): boolean {
  if ((token.classes & LETTER) === 0) {
    const next = text.charAt(skipBlanks(text, token.end));
    const isProcess =
      next === '[' ||
      text.startsWith(' ---', token.end) ||
      (text.includes('#', state.at) && NGINX.test(text.slice(state.at, token.end)));
    if (isProcess) state.end = token.end;
    state.at = token.end;
    return isProcess;
  }
  const isColumn =
    token.nameEnd === token.end && (text.startsWith('  ', token.end) || text.charCodeAt(token.end) === 9);
  if (isColumn && state.component === '') {
    state.component = text.slice(state.at, token.end);
    state.end = token.end;
  }
  return false;
}

const NGINX = /^\d{1,10}#\d{1,10}:$/;

/** `[main]`, `[error]`, `[core:warn]`, `[QuorumPeer[myid=1]/0.0.0.0:2181:FastLeaderElection@774]`. */
function readBracket(text: string, state: HeaderState): boolean {
  const end = endOfBracket(text, state.at);
  if (end === -1 || state.brackets >= BRACKETS_MAX) return false;
  state.brackets++;
  const content = text.slice(state.at + 1, end - 1);
  if (state.level === 'unknown' && content.length <= 40) {
    const word = content.slice(content.lastIndexOf(':') + 1).trim();
    if (word.length > 1 && parseLevel(word) !== 'unknown' && LETTERS.test(word))
      state.level = parseLevel(word);
  }
  const place = content.lastIndexOf('@');
  if (place > 0 && state.component === '' && isDigit(content.charCodeAt(place + 1)))
    state.component = PLACE.exec(content.slice(Math.max(0, place - 80)))?.[1] ?? '';
  state.at = end;
  if (state.level !== 'unknown') state.end = end;
  return true;
}

const LETTERS = /^[A-Za-z]+$/;
/** ZooKeeper's `...:FastLeaderElection@774`. */
const PLACE = /([A-Za-z]\w{1,60})(?:\$\w{1,60})?@\d{1,6}$/;

function endOfBracket(text: string, open: number): number {
  let depth = 0;
  const limit = Math.min(text.length, open + BRACKET_CHARS_MAX);
  for (let at = open; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 91) depth++;
    else if (code === 93 && --depth === 0) return at + 1;
  }
  return -1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function skipBlanks(text: string, at: number): number {
  let next = at;
  while (text.charCodeAt(next) === 32 || text.charCodeAt(next) === 9) next++;
  return next;
}
