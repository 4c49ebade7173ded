import type { LogLine } from '../../engine/log-line.ts';
import type { StreamFilter } from './schema.ts';

/** The part of a filter that is decided here, so that clients with different filters share one tail. */
export function lineMatcher({ severity, search }: StreamFilter): (line: LogLine) => boolean {
  const levels = severity && new Set(severity);
  const wanted = search?.toLowerCase();
  return ({ level, text }) =>
    (!levels || levels.has(level)) && (!wanted || text.toLowerCase().includes(wanted));
}
