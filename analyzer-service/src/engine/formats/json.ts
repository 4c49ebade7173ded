import { parseLevel, type Level } from '../log-line.ts';
import type { ParsedLine } from './parsed-line.ts';
import { parseTimestampValue, type DateOptions, type Instant } from './timestamp.ts';

/** A line that is one JSON object, with the key names of the usual loggers (pino, zap, logrus, ECS, Docker ...). */
export function parseJsonLine(text: string, options: DateOptions): ParsedLine | null {
  if (text.charCodeAt(0) !== 123 || !text.trimEnd().endsWith('}')) return null;
  const object = parseObject(text);
  return object === null ? null : fromNamedValues(flatten(object), text, options);
}

/** The same for values that are already flat, such as logfmt's. `text` stands in when no key holds a message. */
export function fromNamedValues(
  values: ReadonlyMap<string, unknown>,
  text: string,
  options: DateOptions,
): ParsedLine {
  const time = readTime(values, options);
  const levelKey = LEVEL_KEYS.find((key) => values.has(key));
  const serviceKey = SERVICE_KEYS.find((key) => typeof values.get(key) === 'string');
  const componentKey = COMPONENT_KEYS.find((key) => typeof values.get(key) === 'string');
  const messageKey = MESSAGE_KEYS.find((key) => typeof values.get(key) === 'string');
  const fields: Record<string, string> = {};
  let room = FIELDS_MAX;
  for (const [key, value] of values) {
    if (key === time?.key || key === levelKey || key === serviceKey || key === messageKey) continue;
    if (room-- <= 0) break;
    fields[key] = String(value).slice(0, FIELD_CHARS_MAX);
  }
  return {
    instant: time?.instant ?? null,
    level: levelKey === undefined ? 'unknown' : readLevel(values.get(levelKey)),
    service: serviceKey === undefined ? '' : String(values.get(serviceKey)),
    component: componentKey === undefined ? '' : String(values.get(componentKey)),
    message: messageKey === undefined ? text : String(values.get(messageKey)).trimEnd(),
    fields,
  };
}

const FIELDS_MAX = 40;
const FIELD_CHARS_MAX = 256;
const DEPTH_MAX = 3;
const TIME_KEYS = [
  'ts',
  'time',
  'timestamp',
  '@timestamp',
  'datetime',
  'date',
  '@t',
  't',
  'eventTime',
  '__REALTIME_TIMESTAMP',
];
const LEVEL_KEYS = [
  'level',
  'severity',
  'lvl',
  'log_level',
  'log.level',
  'loglevel',
  'levelname',
  'severity_text',
  '@l',
  'PRIORITY',
];
const MESSAGE_KEYS = [
  'msg',
  'message',
  'log',
  '@m',
  '@mt',
  'body',
  'event',
  'text',
  'MESSAGE',
  'textPayload',
  'error',
  'err',
];
const SERVICE_KEYS = [
  'service',
  'service_name',
  'service.name',
  'app',
  'application',
  'name',
  'SYSLOG_IDENTIFIER',
];
const COMPONENT_KEYS = ['component', 'logger', 'logger_name', 'caller'];

/** The first of the usual keys whose value is a time. */
function readTime(
  values: ReadonlyMap<string, unknown>,
  options: DateOptions,
): { readonly key: string; readonly instant: Instant } | null {
  for (const key of TIME_KEYS) {
    const instant = parseTimestampValue(values.get(key), options);
    if (instant !== null) return { key, instant };
  }
  return null;
}

/** Pino and bunyan count 10 to 60; a syslog severity is 0 to 7, which the journal writes as text. */
function readLevel(value: unknown): Level {
  const word = String(value).trim();
  const number = /^\d{1,3}$/.test(word) ? Number(word) : Number.NaN;
  if (Number.isNaN(number)) return parseLevel(word);
  return number < 10
    ? (SYSLOG_SEVERITIES[number] ?? 'unknown')
    : parseLevel(String(Math.min(60, Math.floor(number / 10) * 10)));
}

export const SYSLOG_SEVERITIES: readonly Level[] = [
  'fatal',
  'fatal',
  'fatal',
  'error',
  'warn',
  'info',
  'info',
  'debug',
];

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}

/** Nested keys are joined with an underscore, as Loki's json parser does; lists and deeper levels are left out. */
function flatten(object: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  const add = (prefix: string, level: Readonly<Record<string, unknown>>, depth: number): void => {
    for (const key in level) {
      if (values.size >= 4 * FIELDS_MAX) return;
      const value = level[key];
      if (value === null || Array.isArray(value)) continue;
      if (typeof value !== 'object') values.set(prefix + key, value);
      else if (depth < DEPTH_MAX)
        add(`${prefix}${key}_`, value as Readonly<Record<string, unknown>>, depth + 1);
    }
  };
  add('', object, 1);
  return values;
}
