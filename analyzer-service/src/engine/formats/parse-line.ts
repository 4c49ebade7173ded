import { parseAccessLine } from './access-log.ts';
import { unwrapContainerLine } from './container.ts';
import { parseJsonLine } from './json.ts';
import { parseKlogLine } from './klog.ts';
import { inferLevel } from './infer-level.ts';
import { parseLogfmtLine } from './logfmt.ts';
import type { LineParser, ParsedLine } from './parsed-line.ts';
import { parsePlainLine } from './plain.ts';
import { parseSyslogLine } from './syslog.ts';
import type { DateOptions } from './timestamp.ts';

/** Names of the formats, in the order in which they are tried; `plain` is what is left. */
export const FORMAT_NAMES = ['json', 'klog', 'syslog', 'access', 'logfmt', 'plain'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** How the lines of one file are read. */
export interface LogFormat extends DateOptions {
  /** What most lines are; each line that is not is tried as every other format. */
  readonly name: FormatName;
  /** Whether a container runtime or compose put something before the lines. */
  readonly isWrapped: boolean;
}

/**
 * Reads time, level, origin and message of one line. A line that states no level gets the one its words
 * suggest. Never throws; takes time linear in the length of the line.
 */
export function parseLine(text: string, format: LogFormat): ParsedLine {
  const wrapped = format.isWrapped ? unwrapContainerLine(text, format) : null;
  if (wrapped === null) return parseBareLine(text, format);
  const inner = parseBareLine(wrapped.message, format);
  return { ...inner, instant: wrapped.instant ?? inner.instant, service: wrapped.service || inner.service };
}

function parseBareLine(text: string, format: LogFormat): ParsedLine {
  const outer = parseAs(format.name, text, format) ?? parseAsAny(text, format);
  const inner = parseStructured(outer.message, format);
  if (inner === null || outer.message === text) return withLevel(outer);
  return withLevel({
    instant: outer.instant ?? inner.instant,
    level: inner.level === 'unknown' ? outer.level : inner.level,
    service: outer.service || inner.service,
    component: outer.component || inner.component,
    message: inner.message,
    fields: { ...outer.fields, ...inner.fields },
  });
}

/** The format of one line, for detection; null when nothing in the line says how to read it. */
export function formatOf(text: string, options: DateOptions): FormatName | null {
  const bare = unwrapContainerLine(text, options)?.message ?? text;
  for (const name of FORMAT_NAMES) {
    if (name !== 'plain' && PARSERS[name](bare, options) !== null) return name;
  }
  return parsePlainLine(bare, options).instant === null ? null : 'plain';
}

function parseAs(name: FormatName, text: string, options: DateOptions): ParsedLine | null {
  if (name !== 'plain') return PARSERS[name](text, options);
  return startsWithPlainDate(text) ? parsePlainLine(text, options) : null;
}

/** Only plain lines begin with a date in digits, unless it is an ISO date, which syslog writes too. */
function startsWithPlainDate(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 48 && code <= 57 && text.charCodeAt(4) === 45 && text.charCodeAt(10) !== 84;
}

function parseAsAny(text: string, options: DateOptions): ParsedLine {
  return (
    parseJsonLine(text, options) ??
    parseKlogLine(text, options) ??
    parseSyslogLine(text, options) ??
    parseAccessLine(text, options) ??
    parseLogfmtLine(text, options) ??
    parsePlainLine(text, options)
  );
}

/** A message that is structured itself: JSON behind a syslog header, logfmt behind a date. */
function parseStructured(message: string, options: DateOptions): ParsedLine | null {
  return parseJsonLine(message, options) ?? parseLogfmtLine(message, options);
}

function withLevel(line: ParsedLine): ParsedLine {
  return line.level === 'unknown' ? { ...line, level: inferLevel(line.message) } : line;
}

const PARSERS: Readonly<Record<FormatName, LineParser>> = {
  json: parseJsonLine,
  klog: parseKlogLine,
  syslog: parseSyslogLine,
  access: parseAccessLine,
  logfmt: parseLogfmtLine,
  plain: parsePlainLine,
};
