import type { Level } from '../log-line.ts';

/** The level that the words of a message suggest, for formats that state none; `unknown` when they suggest nothing. */
export function inferLevel(message: string): Level {
  const head = message.length > CHARS_MAX ? message.slice(0, CHARS_MAX) : message;
  const groups = TELLING_WORD.exec(head);
  if (groups === null) return 'unknown';
  if (groups[1] !== undefined) return 'fatal';
  return groups[2] === undefined ? 'warn' : 'error';
}

const CHARS_MAX = 200;
/** The first telling word decides. Plurals and compounds ("0 errors", "error_count") do not count. */
const TELLING_WORD =
  /\b(?:(fatal|panic|emergency)|(error|exception|traceback|segfault|oom-killer|critical)|(?:warning|warn|failed|failure|failing|denied|refused|rejected|timeout))\b(?!=(?:0|nil|null|none|false)\b)/i;
