import type { LogLine } from '../../engine/log-line.ts';

/** The field of a line that says which request it belongs to, first match wins. */
export function requestIdOf(line: LogLine, fields: readonly string[]): { field: string; id: string } | null {
  for (const field of fields) {
    const id = line.fields[field];
    if (id) return { field, id };
  }
  return null;
}
