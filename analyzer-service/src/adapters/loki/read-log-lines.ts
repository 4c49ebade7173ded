import { type LogLine, parseLevel } from '../../engine/log-line.ts';

export interface LabelNames {
  /** The label that names a line's service, for example service_name. */
  readonly service: string;
  /** The label or structured metadata that names a line's level, for example detected_level. */
  readonly level: string;
}

/** One stream of Loki's `streams` result: structured metadata stands among its labels. */
export interface LokiStream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [string, string, ...unknown[]])[];
}

/** The lines of all streams in one list, oldest first; lines of one nanosecond keep the order that Loki gave. */
export function readLogLines(streams: readonly LokiStream[], labels: LabelNames): LogLine[] {
  const lines: LogLine[] = [];
  for (const { stream, values } of streams) {
    const service = stream[labels.service] ?? '';
    const level = parseLevel(stream[labels.level] ?? stream.level ?? '');
    for (const [timestampNs, text] of values) {
      lines.push({
        timestampNs,
        timeMs: milliseconds(timestampNs),
        service,
        level,
        text,
        fields: stream,
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
