import { DATE_SHAPES, type DateParts, type DateShape } from './date-shapes.ts';
import { epochSeconds } from './calendar.ts';

/** An instant without loss: `seconds` since the epoch and `nanos` (0 to 999,999,999) within that second. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

/** An instant found in a text, which it fills from `start` to `end` (exclusive). */
export interface FoundInstant extends Instant {
  readonly start: number;
  readonly end: number;
}

export interface DateOptions {
  /** Milliseconds since the epoch that stand for "now": dates without a year are the latest ones not after it. */
  readonly referenceMs: number;
  /** Whether 03/04/2005 is the third of April. */
  readonly dayFirst: boolean;
}

/** How far into a line its own time is looked for, in characters and in words. */
const SEARCH_CHARS_MAX = 100;
const SEARCH_WORDS_MAX = 6;
const DAY_SECONDS = 86_400;

/** Milliseconds since the epoch, with a fraction. */
export function toTimeMs(instant: Instant): number {
  return instant.seconds * 1000 + instant.nanos / 1e6;
}

/** Nanoseconds since the epoch as decimal text. */
export function toTimestampNs(instant: Instant): string {
  if (instant.seconds === 0) return String(instant.nanos);
  return `${instant.seconds}${String(1_000_000_000 + instant.nanos).slice(1)}`;
}

/** The first date and time among the first words of a line; null when none of the known shapes is there. */
export function findTimestamp(text: string, options: DateOptions, start = 0): FoundInstant | null {
  const end = Math.min(text.length, start + SEARCH_CHARS_MAX);
  let words = 0;
  for (let at = start; at < end && words < SEARCH_WORDS_MAX; at = nextWord(text, at, end)) {
    const found = readTimestamp(text, at, options);
    if (found !== null) return found;
    words++;
  }
  return null;
}

/** Reads the date and time that begins exactly at `at`. Times without a zone are taken as UTC. */
export function readTimestamp(text: string, at: number, options: DateOptions): FoundInstant | null {
  const code = text.charCodeAt(at);
  const startsWithDigit = code >= 48 && code <= 57;
  if (!startsWithDigit && !(code >= 65 && code <= 90)) return null;
  const known = readSameSecond(text, at, options);
  if (known !== null) return known;
  for (const shape of DATE_SHAPES) {
    if (shape.startsWithDigit !== startsWithDigit || (shape.lineStartOnly && at > 1)) continue;
    shape.pattern.lastIndex = at;
    const groups = shape.pattern.exec(text);
    if (groups === null) continue;
    const instant = toInstant(shape, groups, options);
    if (instant === null) continue;
    const { seconds, nanos } = instant;
    const found = { seconds, nanos, start: at, end: shape.pattern.lastIndex };
    rememberSecond(groups, shape, found, options);
    return found;
  }
  return null;
}

/**
 * The last date read, up to its second. Busy logs write many lines a second, and comparing text is several
 * times faster than reading it. It only saves work: the answer is the same without it.
 */
let second = { options: null as DateOptions | null, head: '', seconds: 0, fractionDigits: 0, tail: '' };

function rememberSecond(
  match: RegExpExecArray,
  shape: DateShape,
  found: FoundInstant,
  options: DateOptions,
): void {
  if (shape.clockGroup === null) return;
  const fraction = match[shape.clockGroup + 3] ?? '';
  const after = match.slice(shape.clockGroup + 4).filter((group) => group !== undefined && group !== '');
  if (after.length > 1) return;
  const zone = after[0] ?? '';
  const tail = match[0].endsWith(` ${zone}`) && zone !== '' ? ` ${zone}` : zone;
  if (!match[0].endsWith(fraction + tail)) return;
  const head = match[0].slice(0, match[0].length - tail.length - fraction.length);
  second = { options, head, seconds: found.seconds, fractionDigits: fraction.length, tail };
}

function readSameSecond(text: string, at: number, options: DateOptions): FoundInstant | null {
  const { head, fractionDigits, tail } = second;
  if (second.options !== options || head === '' || !text.startsWith(head, at)) return null;
  const fractionEnd = at + head.length + fractionDigits;
  let nanos = 0;
  for (let digit = at + head.length; digit < fractionEnd; digit++) {
    const value = text.charCodeAt(digit) - 48;
    if (!(value >= 0 && value <= 9)) return null;
    nanos = nanos * 10 + value;
  }
  const end = fractionEnd + tail.length;
  if (tail !== '' && !text.startsWith(tail, fractionEnd)) return null;
  const dateEnd = head.charCodeAt(0) <= 57 ? END_BEFORE_ZONE : END_BEFORE_YEAR;
  dateEnd.lastIndex = end;
  if (!dateEnd.test(text)) return null;
  return { seconds: second.seconds, nanos: (nanos * 10 ** (9 - fractionDigits)) % 1e9, start: at, end };
}

/** What follows a date that is complete: no further digit, and nothing that could be its zone; nor, after a name of a month, its year. */
const END_BEFORE_ZONE = /(?=$|[\],)|;"]|[ \t](?!(?:[+-]\d|[AaPp][Mm]|UTC|GMT|Z)))/y;
const END_BEFORE_YEAR = /(?=$|[\],)|;"]|[ \t](?!(?:[+-]\d|\d{4}|[AaPp][Mm]|UTC|GMT|Z)))/y;

/** The instant that a field of a structured log holds: a date as text, or a number of s, ms, us or ns. */
export function parseTimestampValue(value: unknown, options: DateOptions): Instant | null {
  if (typeof value === 'number') return fromEpochNumber(value);
  if (typeof value !== 'string' || value === '') return null;
  const number = value.length <= 24 ? Number(value) : Number.NaN;
  if (!Number.isFinite(number)) return readTimestamp(value, 0, options);
  return readTimestamp(value, 0, options) ?? fromEpochNumber(number);
}

function toInstant(shape: DateShape, groups: RegExpExecArray, options: DateOptions): Instant | null {
  const parts = shape.read(groups, options.dayFirst);
  if (parts === null) return null;
  if ('seconds' in parts) return isPlausible(parts.seconds) ? parts : null;
  const { nanos } = parts;
  const seconds = parts.year === null ? latestBefore(parts, options) : secondsIn(parts.year, parts);
  return seconds !== null && isPlausible(seconds) ? { seconds, nanos } : null;
}

/** The year (or the day, for a time of day) that a log leaves out: the latest one that is not after the reference. */
function latestBefore(parts: DateParts, options: DateOptions): number | null {
  const latest = options.referenceMs / 1000 + DAY_SECONDS;
  const reference = new Date(options.referenceMs);
  if (parts.day === 0) {
    const today = { ...parts, month: reference.getUTCMonth() + 1, day: reference.getUTCDate() };
    const seconds = secondsIn(reference.getUTCFullYear(), today);
    return seconds !== null && seconds > options.referenceMs / 1000 ? seconds - DAY_SECONDS : seconds;
  }
  for (let year = reference.getUTCFullYear() + 1; ; year--) {
    const seconds = secondsIn(year, parts);
    if (seconds === null || seconds <= latest) return seconds;
  }
}

/** Null when it is no date. */
function secondsIn(year: number, parts: DateParts): number | null {
  const { month, day, hour, minute, second } = parts;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  return epochSeconds(year, month, day, hour, minute, second) - parts.offsetMinutes * 60;
}

function fromEpochNumber(value: number): Instant | null {
  if (!Number.isFinite(value) || value < 0) return null;
  const perSecond = value < 1e11 ? 1 : value < 1e14 ? 1e3 : value < 1e17 ? 1e6 : 1e9;
  const seconds = Math.floor(value / perSecond);
  if (!isPlausible(seconds)) return null;
  return { seconds, nanos: Math.round((value - seconds * perSecond) * (1e9 / perSecond)) % 1e9 };
}

/** 1990 to 2100: numbers outside are counters and ids, not times. */
function isPlausible(seconds: number): boolean {
  return seconds >= 631_152_000 && seconds < 4_102_444_800;
}

function nextWord(text: string, at: number, end: number): number {
  let next = at + 1;
  while (next < end && !isBoundary(text.charCodeAt(next - 1), text.charCodeAt(next))) next++;
  return next;
}

/** A word begins after a blank, an opening bracket, a quote, a bar or an equals sign. */
function isBoundary(before: number, code: number): boolean {
  if (code === 32 || code === 91) return false;
  return (
    before === 32 ||
    before === 9 ||
    before === 91 ||
    before === 40 ||
    before === 60 ||
    before === 62 ||
    before === 34 ||
    before === 124 ||
    before === 61
  );
}
