import type { Level } from '../log-line.ts';

/** The lines that a query is about, as LogQL parts. */
export interface LineFilter {
  readonly services?: readonly string[] | undefined;
  readonly levels?: readonly Level[] | undefined;
  readonly search?: string | undefined;
  /** Text that must stand in the line as it is: ids that are no structured metadata. */
  readonly texts?: readonly string[] | undefined;
  /** Structured metadata that must be equal: correlation_id, conversation_id ... */
  readonly ids: Readonly<Record<string, string>>;
}

export interface LabelNames {
  readonly service: string;
  readonly level: string;
}

/** How Loki spells each level where it differs from the engine's word. */
const LOKI_WORDS: Partial<Record<Level, readonly string[]>> = {
  fatal: ['fatal', 'critical'],
  unknown: ['unknown', ''],
};

/** The service under which Sonde itself writes: only who asks for it by name gets its lines. */
export const OWN_SERVICE = 'sonde';

/** `{service_name=~"api|payments"} |~ "(?i)timeout" | detected_level=~"error|fatal"`. */
export function selector(filter: LineFilter, labels: LabelNames): string {
  const { service } = labels;
  const streams = filter.services?.length
    ? `${service}=~${quote(filter.services.map(escapeRegex).join('|'))}`
    : `${service}=~".+", ${service}!=${quote(OWN_SERVICE)}`;
  const parts = [`{${streams}}`];
  if (filter.search) parts.push(`|~ ${quote(`(?i)${escapeRegex(filter.search)}`)}`);
  for (const text of filter.texts ?? []) parts.push(`|= ${quote(text)}`);
  if (filter.levels) parts.push(levelFilter(filter.levels, labels));
  for (const [name, value] of Object.entries(filter.ids)) parts.push(`| ${name}=${quote(value)}`);
  return parts.join(' ');
}

/** `| detected_level=~"error|fatal|critical"`. */
export function levelFilter(levels: readonly Level[], labels: LabelNames): string {
  const words = levels.flatMap((level) => LOKI_WORDS[level] ?? [level]);
  return `| ${labels.level}=~${quote(words.join('|'))}`;
}

/** A LogQL string. Its escapes are Go's, of which JSON's are a part once lone surrogates are gone. */
export function quote(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/** RE2 has no lookahead; every character with a meaning is escaped. */
export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
