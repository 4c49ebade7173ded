import { parseJsonLine } from '../../engine/formats/json.ts';
import { parseLogfmtLine } from '../../engine/formats/logfmt.ts';
import type { LogLine } from '../../engine/log-line.ts';

export interface NamedValues {
  /** How Loki has to parse the line to see `fields`. */
  readonly format: 'json' | 'logfmt' | null;
  readonly message: string;
  /** What the line itself names, flattened as Loki's parsers do. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What a JSON or logfmt line says by name. */
export function namedValues({ text }: LogLine): NamedValues {
  const options = { referenceMs: 0, dayFirst: false };
  const json = parseJsonLine(text, options);
  if (json) return { format: 'json', message: json.message, fields: json.fields };
  const logfmt = parseLogfmtLine(text, options);
  if (logfmt) return { format: 'logfmt', message: logfmt.message, fields: logfmt.fields };
  return { format: null, message: text, fields: {} };
}

/** The first of `names` that the line or its structured metadata has. */
export function valueOf(
  line: LogLine,
  { fields }: NamedValues,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = fields[name] ?? line.fields[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}
