import type { LogLine } from '../../engine/log-line.ts';
import type { RecordedSource } from './recorded-source.ts';
import type { AiLogsQuery } from './schema.ts';
import type { LabelNames, LineFilter } from '../../engine/logql/selector.ts';
import type { TimeWindow } from './time-window.ts';

/** What a mode works with: the question, its window, and where to read. */
export interface ModeContext extends TimeWindow {
  readonly query: AiLogsQuery;
  readonly filter: LineFilter;
  readonly labels: LabelNames;
  readonly requestIdFields: readonly string[];
  readonly source: RecordedSource;
  readonly linesReadMax: number;
  readonly signal: AbortSignal;
}

/** The fields of a line that say which request it belongs to, first match wins. */
export function requestIdOf(line: LogLine, fields: readonly string[]): { field: string; id: string } | null {
  for (const field of fields) {
    const id = line.fields[field];
    if (id) return { field, id };
  }
  return null;
}
