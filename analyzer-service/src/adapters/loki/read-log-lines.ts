import { type LogLine, parseLevel } from '../../engine/log-line.ts';

export interface LabelNames {
  /** The label that names a line's service, for example service_name. */
  readonly service: string;
  /** The label or structured metadata that names a line's level, for example detected_level. */
  readonly level: string;
}

/**
 * One stream of Loki's `streams` result. Structured metadata stands beside each line where Loki puts it there
 * (categorize-labels, from 3.0 on), else among the labels.
 */
export interface LokiStream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [string, string, Categories?])[];
}

interface Categories {
  readonly structuredMetadata?: Readonly<Record<string, string>>;
  readonly parsed?: Readonly<Record<string, string>>;
}

/** The lines of all streams in one list, oldest first; lines of one nanosecond keep the order that Loki gave. */
export function readLogLines(streams: readonly LokiStream[], labels: LabelNames): LogLine[] {
  const lines: LogLine[] = [];
  for (const { stream, values } of streams) {
    for (const [timestampNs, text, categories] of values) {
      const { structuredMetadata, parsed } = categories ?? {};
      const fields = structuredMetadata || parsed ? { ...stream, ...structuredMetadata, ...parsed } : stream;
      lines.push({
        timestampNs,
        timeMs: milliseconds(timestampNs),
        service: fields[labels.service] ?? '',
        level: parseLevel(fields[labels.level] ?? fields.level ?? ''),
        text,
        fields,
        weight: 1,
      });
    }
  }
  return lines.sort(byTime);
}

/** Whole milliseconds and a fraction: a Number of all nanoseconds at once would lose the last digits. */
function milliseconds(timestampNs: string): number {
  return Number(timestampNs.slice(0, -6)) + Number(timestampNs.slice(-6)) / 1e6;
}

function byTime(a: LogLine, b: LogLine): number {
  if (a.timestampNs.length !== b.timestampNs.length) return a.timestampNs.length - b.timestampNs.length;
  return a.timestampNs < b.timestampNs ? -1 : a.timestampNs > b.timestampNs ? 1 : 0;
}
