import type { Level } from '../log-line.ts';
import type { ParsedLine } from './parsed-line.ts';
import { readTimestamp, type DateOptions } from './timestamp.ts';

/** Common and combined log format of web servers: `client - user [date] "GET /path HTTP/1.1" 200 123 "ref" "agent" 0.012`. */
export function parseAccessLine(text: string, options: DateOptions): ParsedLine | null {
  const open = text.indexOf('[');
  if (open < 4 || open > HEAD_CHARS_MAX) return null;
  const instant = readTimestamp(text, open + 1, options);
  if (instant === null || !text.startsWith('] "', instant.end)) return null;
  const requestStart = instant.end + 3;
  const requestEnd = text.indexOf('" ', requestStart);
  if (requestEnd === -1) return null;
  STATUS.lastIndex = requestEnd;
  const groups = STATUS.exec(text);
  if (groups === null) return null;
  const [, status = '', bytes = ''] = groups;
  const [method = '', target = ''] = text.slice(requestStart, requestEnd).split(' ', 2);
  const path = target.split('?', 1)[0] ?? target;
  const seconds = requestSeconds(text, STATUS.lastIndex);
  const client = text.slice(0, text.indexOf(' '));
  return {
    instant,
    level: levelOfStatus(Number(status)),
    service: '',
    component: '',
    message: `${method} ${pathInWords(path)} status=${status}`,
    fields: {
      client,
      method,
      path,
      status,
      bytes,
      ...(seconds === null ? {} : { duration_ms: String(Math.round(seconds * 1e6) / 1e3) }),
    },
  };
}

const HEAD_CHARS_MAX = 200;
const PATH_PARTS_MAX = 16;
const STATUS = /" (\d{3}) (\d{1,15}|-)(?= |$)/y;
/** Seconds with a fraction, bare or named (rt=0.012), after the quoted parts: nginx's $request_time. */
const SECONDS = / (?:[a-z_]{1,20}=)?"?(\d{1,6}\.\d{1,9})"?(?= |$)/;

/** As words, the parts of a path tell endpoints apart, and an id among them becomes a parameter of the template. */
function pathInWords(path: string): string {
  return path.split('/', PATH_PARTS_MAX).filter(Boolean).join(' ') || '/';
}

function levelOfStatus(status: number): Level {
  return status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info';
}

function requestSeconds(text: string, from: number): number | null {
  const tail = text.slice(Math.max(from, text.lastIndexOf('" ') + 1));
  const groups = SECONDS.exec(tail.slice(0, HEAD_CHARS_MAX));
  return groups === null ? null : Number(groups[1]);
}
