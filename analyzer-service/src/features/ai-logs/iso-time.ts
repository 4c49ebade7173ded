import type { TimeRange } from '../../engine/log-line.ts';

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoRange({ startMs, endMs }: TimeRange): { start: string; end: string } {
  return { start: isoTime(startMs), end: isoTime(endMs) };
}
