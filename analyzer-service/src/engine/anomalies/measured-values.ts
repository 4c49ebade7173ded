import type { LogLine } from '../log-line.ts';

/** A number that a line measures: a duration in milliseconds, or a count such as tokens or bytes. */
export interface MeasuredValue {
  readonly name: string;
  readonly unit: 'ms' | 'count';
  readonly value: number;
}

/**
 * The measured numbers of a line: fields and `name=value` pairs whose name says duration (or tokens, bytes,
 * size, depth ...), a bare duration in the text ("took 12 ms"), and an access log's trailing request time in
 * seconds. At most 8 a line. One pass over at most 2,000 characters of text.
 */
export function measuredValues(line: LogLine): readonly MeasuredValue[] {
  const values: MeasuredValue[] = [];
  for (const name in line.fields) {
    if (values.length === VALUES_MAX) return values;
    const value = namedValue(name, line.fields[name] ?? '', '');
    if (value !== null) values.push(value);
  }
  const text = line.text.length > TEXT_MAX ? line.text.slice(0, TEXT_MAX) : line.text;
  if (!DIGIT.test(text)) return values;
  NAMED_VALUE.lastIndex = 0;
  for (let match = NAMED_VALUE.exec(text); match !== null; match = NAMED_VALUE.exec(text)) {
    if (values.length === VALUES_MAX) return values;
    const value = namedValue(match[1] ?? '', match[2] ?? '', match[3] ?? '');
    if (value !== null && !values.some((other) => other.name === value.name)) values.push(value);
  }
  if (values.some((value) => value.unit === 'ms')) return values;
  const bare = BARE_DURATION.exec(text) ?? TRAILING_SECONDS.exec(text);
  if (bare !== null && values.length < VALUES_MAX) {
    values.push({ name: 'duration', unit: 'ms', value: Number(bare[1]) * unitMs(bare[2] ?? 's') });
  }
  return values;
}

const VALUES_MAX = 8;
const TEXT_MAX = 2000;
const DIGIT = /\d/;
const NAMED_VALUE =
  /\b([A-Za-z][\w.-]{1,40})"?\s?[=:]\s?"?(\d{1,15}(?:\.\d{1,9})?)(ns|us|µs|ms|s|m)?(?![\w.:-])/g;
const BARE_DURATION =
  /(?<![\w.:/-])(\d{1,9}(?:\.\d{1,9})?)\s?(ns|us|µs|ms|milliseconds|s|seconds|secs?)(?![\w-])/;
const TRAILING_SECONDS = /HTTP\/[\d.]{1,4}"? \d{3} .{0,600}"? (\d{1,6}\.\d{3})$/;
const DURATION_NAME =
  /duration|latency|elapsed|took|response_?time|request_?time|resp_?time|_ms$|millis|wait_?(?:time|ms)/i;
const COUNT_NAME = /tokens|bytes|size|depth|queue|lag|rows|length|active|pending|waiting/i;

function namedValue(name: string, text: string, unit: string): MeasuredValue | null {
  if (DURATION_NAME.test(name)) {
    const match = VALUE_WITH_UNIT.exec(text + unit);
    if (match === null) return null;
    return { name, unit: 'ms', value: Number(match[1]) * unitMs(match[2] ?? unitOfName(name)) };
  }
  if (unit === '' && COUNT_NAME.test(name) && PLAIN_NUMBER.test(text))
    return { name, unit: 'count', value: Number(text) };
  return null;
}

const PLAIN_NUMBER = /^\d{1,15}(?:\.\d{1,9})?$/;
const VALUE_WITH_UNIT = /^(\d{1,15}(?:\.\d{1,9})?)\s?(ns|us|µs|ms|s|m)?$/;

/** A bare number is milliseconds unless its name ends otherwise. */
function unitOfName(name: string): string {
  if (/(?:_|\b)(?:s|sec|secs|seconds)$/.test(name)) return 's';
  if (/(?:_|\b)(?:us|micros|microseconds)$/.test(name)) return 'us';
  return /(?:_|\b)(?:ns|nanos|nanoseconds)$/.test(name) ? 'ns' : 'ms';
}

function unitMs(unit: string): number {
  if (unit === 'ns') return 1e-6;
  if (unit === 'us' || unit === 'µs') return 1e-3;
  if (unit === 'm') return 60_000;
  return unit.startsWith('s') ? 1000 : 1;
}
