import { parseLevel } from '../log-line.ts';
import { SYSLOG_SEVERITIES } from './json.ts';
import { NO_FIELDS, type ParsedLine } from './parsed-line.ts';
import { readTimestamp, type DateOptions } from './timestamp.ts';

/** RFC 5424, RFC 3164 and what syslog daemons write into files: with or without priority, BSD or ISO date. */
export function parseSyslogLine(text: string, options: DateOptions): ParsedLine | null {
  PRIORITY.lastIndex = 0;
  const priority = PRIORITY.exec(text);
  const level = priority === null ? 'unknown' : (SYSLOG_SEVERITIES[Number(priority[1]) % 8] ?? 'unknown');
  const start = priority === null ? 0 : PRIORITY.lastIndex;
  const parsed =
    priority !== null && text.startsWith('1 ', start)
      ? parseRfc5424(text, start + 2, options)
      : parseRfc3164(text, start, options);
  return parsed === null ? null : { ...parsed, level };
}

const PRIORITY = /<(\d{1,3})>/y;
/** ` host program(module)[pid]: ` */
const ORIGIN = / (\S{1,255}) {1,2}([\w./@-]{1,64})(?:\([^)\s]{1,64}\))?(?:\[([\w.-]{1,32})\])?: ?/y;
const HEADER_5424 = /(\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /y;
const PARAMETER = /([\w.@-]{1,64})="((?:[^"\\]|\\.){0,1024})"/g;
const STRUCTURED_DATA_CHARS_MAX = 4096;

function parseRfc3164(text: string, start: number, options: DateOptions): ParsedLine | null {
  const code = text.charCodeAt(start);
  const isMonthName = code >= 65 && code <= 83;
  if (!isMonthName && text.charCodeAt(start + 10) !== 84) return null;
  const instant = readTimestamp(text, start, options);
  if (instant === null) return null;
  ORIGIN.lastIndex = instant.end;
  const groups = ORIGIN.exec(text);
  if (groups === null) return null;
  const [, host = '', program = '', pid] = groups;
  if (parseLevel(host) !== 'unknown') return null;
  return {
    instant,
    level: 'unknown',
    service: program,
    component: '',
    message: text.slice(ORIGIN.lastIndex),
    fields: pid === undefined ? { host } : { host, pid },
  };
}

function parseRfc5424(text: string, start: number, options: DateOptions): ParsedLine | null {
  HEADER_5424.lastIndex = start;
  const groups = HEADER_5424.exec(text);
  if (groups === null) return null;
  const [, time = '', host = '', program = ''] = groups;
  const dataStart = HEADER_5424.lastIndex;
  const dataEnd = text.charCodeAt(dataStart) === 91 ? endOfStructuredData(text, dataStart) : dataStart + 1;
  const message = text.slice(dataEnd).trimStart();
  return {
    instant: readTimestamp(time, 0, options),
    level: 'unknown',
    service: program === '-' ? '' : program,
    component: '',
    message: message.charCodeAt(0) === 0xfeff ? message.slice(1) : message,
    fields: { ...readParameters(text.slice(dataStart, dataEnd)), ...(host === '-' ? NO_FIELDS : { host }) },
  };
}

function endOfStructuredData(text: string, start: number): number {
  let quoted = false;
  const limit = Math.min(text.length, start + STRUCTURED_DATA_CHARS_MAX);
  for (let at = start; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) quoted = !quoted;
    else if (code === 93 && !quoted && text.charCodeAt(at + 1) !== 91) return at + 1;
  }
  return start;
}

function readParameters(data: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name = '', value = ''] of data.matchAll(PARAMETER)) fields[name] = value;
  return fields;
}
