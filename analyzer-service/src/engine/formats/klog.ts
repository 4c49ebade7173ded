import { parseLevel } from '../log-line.ts';
import type { ParsedLine } from './parsed-line.ts';
import { readTimestamp, type DateOptions } from './timestamp.ts';

/** Kubernetes' and Google's header: `I0501 10:00:00.123456    1234 server.go:42] message`. */
export function parseKlogLine(text: string, options: DateOptions): ParsedLine | null {
  const groups = HEADER.exec(text);
  if (groups === null) return null;
  const [header, level = '', month = '', day = '', clock = '', file = ''] = groups;
  return {
    instant: readTimestamp(`${month}-${day} ${clock}`, 0, { ...options, dayFirst: false }),
    level: parseLevel(level),
    service: '',
    component: file,
    message: text.slice(header.length),
    fields: { caller: file },
  };
}

const HEADER = /^([IWEF])(\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{1,9}) {1,8}\d{1,10} ([\w./-]{1,100}):\d{1,6}\] ?/;
