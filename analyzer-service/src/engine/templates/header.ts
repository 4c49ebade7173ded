import { LEVELS, parseLevel } from '../log-line.ts';

/**
 * Where the message of a line begins: behind the columns that loggers put before it (time, host, process, level,
 * thread, logger). Only a line that begins with a time has such a header, after at most one other column; without one
 * the whole line is the message. A grammar of spellings, not of formats: any order and number of columns is accepted.
 */
export function messageStart(bytes: Uint8Array, start: number, end: number): number {
  return start + headerLength(decoder.decode(bytes.subarray(start, Math.min(end, start + HEADER_BYTES_MAX))));
}

/** One character a byte, so that a place in the text is a place in the line. */
const decoder = new TextDecoder('latin1');
const HEADER_BYTES_MAX = 600;

function headerLength(line: string): number {
  let position = leadingTime(line);
  if (position === 0) return 0;
  const state: HeaderState = { levelSeen: false, bracketsAfterLevel: 0, tagSeen: false };
  for (let columns = 0; columns < COLUMNS_MAX; columns++) {
    const next = nextColumn(line, position, state);
    if (next === position) break;
    position = next;
  }
  return position >= line.trimEnd().length ? 0 : position;
}

interface HeaderState {
  levelSeen: boolean;
  bracketsAfterLevel: number;
  tagSeen: boolean;
}

const COLUMNS_MAX = 16;
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = String.raw`\d{1,2}:\d{2}:\d{2}(?:[.,:]\d{1,9})?`;
const ZONE = String.raw`(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?`;
const TIMES = [
  String.raw`\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T_ :.-]\d{1,2}[:.]\d{2}[:.]\d{2}(?:[.,:]\d{1,9})?)?${ZONE}`,
  String.raw`\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4} ${CLOCK}${ZONE}`,
  String.raw`\d{1,2}[-/.]\d{1,2} ${CLOCK}`,
  String.raw`(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?${MONTH} {1,2}\d{1,2},? (?:\d{4} )?${CLOCK}(?: ${MONTH})?(?: [A-Z]{3,4})?(?: \d{4})?`,
  String.raw`\d{1,2}/${MONTH}/\d{4}:${CLOCK}${ZONE}`,
  String.raw`\d{8}-?${CLOCK}`,
  String.raw`\d{6} \d{6}`,
  String.raw`[IWEFD]\d{4} ${CLOCK}`,
  CLOCK,
].join('|');
/** Ten digits alone are any number; before another time they are seconds since the epoch. */
const TIME = new RegExp(
  String.raw`(?:\d{10}(?:\d{3}|\.\d{1,9})?\s+(?=\d))?[[(]?(?:${TIMES})[\])]?(?:[,|:]|(?=\s))[\s|]*`,
  'y',
);
const FIRST_COLUMN = /\S{1,64}\s+(?:\|\s*)?/y;

function leadingTime(line: string): number {
  const direct = match(TIME, line, 0);
  if (direct > 0) return direct;
  const second = match(FIRST_COLUMN, line, 0);
  return second > 0 ? match(TIME, line, second) || 0 : 0;
}

const LEVEL_NAMES = new Set(
  [
    'warning',
    'notice',
    'severe',
    'critical',
    'crit',
    'emerg',
    'alert',
    'err',
    'failure',
    'verbose',
    ...LEVELS,
  ].filter((name) => name !== 'unknown'),
);
const LEVEL = /[[<(]?([A-Za-z]+)[\])>]?(?:[:,|]+|(?=\s))[\s|]*/y;
const LETTER_LEVEL = /[VDIWEF](?=\s)\s+/y;
const BRACKETS = /\[(?:[^[\]]|\[[^[\]]{0,160}\]){0,400}\][:,]?\s+/y;
const RULE = /(?:\d{1,10}\s+)?(?:-{1,3}|\|)\s+|[^|\s]{1,64}\|\s*|\d{1,10}\s+[\w.-]{1,64}:\d{1,6}\]\s+/y;
const TAG = /[\w.$/@-]{1,64}(?:\([^()\s]{1,40}\))?(?:\[\d{1,10}\])?:\s+/y;
const PROCESS_TAG = /[\w.$/@-]{1,64}(?:\([^()\s]{1,40}\))?\[\d{1,10}\]:?\s+/y;
const LOGGER =
  /(?:[\w$-]+(?:[./$][\w$-]+)+(?::\d+)?|[A-Z][a-z0-9]+[A-Z]\w*)(?:\s*:\s+|\s+(?=[-[])|(?<=:\d+)\s+)|[A-Z0-9_.-]{2,40} {2,}/y;
const WORD = /[\w.$/@:*-]{1,64}\s+/y;
const LABELLED = /(?=\*?[\w-]*(?:\d|[A-Z]{2}))[*\w.$/@:-]{1,64}\s+/y;

function nextColumn(line: string, position: number, state: HeaderState): number {
  const rule = state.tagSeen ? 0 : match(RULE, line, position);
  if (rule) return rule;
  if (!state.tagSeen && !state.levelSeen) {
    const time = match(TIME, line, position);
    if (time) return time;
  }
  const level = state.levelSeen || state.tagSeen ? 0 : levelEnd(line, position);
  if (level) {
    state.levelSeen = true;
    return level;
  }
  const brackets = match(BRACKETS, line, position);
  if (brackets && state.bracketsAfterLevel < 1 && !state.tagSeen) {
    if (state.levelSeen) state.bracketsAfterLevel++;
    return brackets;
  }
  if (state.tagSeen) return position;
  const tag = match(PROCESS_TAG, line, position) || (state.levelSeen ? match(LOGGER, line, position) : 0);
  if (tag) {
    state.tagSeen = true;
    return tag;
  }
  return state.levelSeen ? position : ahead(line, position, state);
}

/** Looks over a host name, a process id and the like for the level, time or tag that shows them to be columns. */
function ahead(line: string, position: number, state: HeaderState): number {
  let cursor = position;
  for (let skipped = 0; skipped < 4; skipped++) {
    const next = match(skipped === 0 ? WORD : LABELLED, line, cursor);
    if (!next) return position;
    cursor = next;
    const level = levelEnd(line, cursor);
    if (level) {
      state.levelSeen = true;
      return level;
    }
    const time = match(TIME, line, cursor);
    if (time) return time;
    const tag =
      skipped === 0
        ? match(TAG, line, cursor) || match(/-\s+/y, line, cursor)
        : match(PROCESS_TAG, line, cursor) || match(/-\s+/y, line, cursor);
    if (tag) {
      state.tagSeen = true;
      return tag;
    }
  }
  return position;
}

function levelEnd(line: string, position: number): number {
  LEVEL.lastIndex = position;
  const found = LEVEL.exec(line);
  if (found && LEVEL_NAMES.has(found[1]!.toLowerCase()) && parseLevel(found[1]!) !== 'unknown')
    return LEVEL.lastIndex;
  return match(LETTER_LEVEL, line, position);
}

function match(pattern: RegExp, line: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(line) ? pattern.lastIndex : 0;
}
