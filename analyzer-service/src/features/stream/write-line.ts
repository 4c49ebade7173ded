import type { LogLine } from '../../engine/log-line.ts';
import type { StreamLine } from './schema.ts';

const CHARACTERS_MAX = 8_192;

export function writeLine({ timestampNs, timeMs, service, level, text, fields }: LogLine): StreamLine {
  const isLong = text.length > CHARACTERS_MAX;
  return {
    timestamp_ns: timestampNs,
    time: isoTime(timeMs),
    service,
    level,
    line: isLong ? text.slice(0, CHARACTERS_MAX).toWellFormed() : text,
    ...(isLong ? { line_cut: true as const } : {}),
    labels: fields,
  };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
