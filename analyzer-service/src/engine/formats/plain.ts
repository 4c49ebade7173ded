import { readHeader } from './plain-header.ts';
import { NO_FIELDS, type ParsedLine } from './parsed-line.ts';
import { findTimestamp, type DateOptions } from './timestamp.ts';

/**
 * Any line of text: a time among its first words, then the usual header of a logger (level, thread, process
 * id, logger name) in whatever order and brackets. Always answers: without any of them, all is message.
 */
export function parsePlainLine(text: string, options: DateOptions): ParsedLine {
  const instant = findTimestamp(text, options);
  const leading = instant === null ? '' : text.slice(0, instant.start);
  const header = readHeader(text, instant === null ? 0 : instant.end);
  const level = header.level === 'unknown' && leading !== '' ? readHeader(leading, 0).level : header.level;
  return {
    instant,
    level,
    service: '',
    component: header.component,
    message: text.slice(header.end),
    fields: NO_FIELDS,
  };
}
