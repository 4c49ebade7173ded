import type { LogLine } from '../../engine/log-line.ts';
import { namedValues } from './named-values.ts';

/** Where a service's lines say how long something took, and in which unit. */
export interface DurationField {
  readonly name: string;
  readonly format: 'json' | 'logfmt' | 'metadata';
  /** `text` carries its own unit: 12ms, 1.5s. */
  readonly unit: 'ms' | 's' | 'us' | 'ns' | 'text';
}

const DURATION_NAME =
  /(?:^|_)(?:duration|latency|elapsed|took|request_time|response_time)(?:_(ms|s|seconds|us|ns|millis))?$/;
const PLAIN_NUMBER = /^\d+(?:\.\d+)?$/;
const NUMBER_WITH_UNIT = /^\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h)/;
const UNIT_OF_SUFFIX = { ms: 'ms', millis: 'ms', s: 's', seconds: 's', us: 'us', ns: 'ns' } as const;

/** The field that most of the lines with a duration use. A bare number without a unit in its name counts as ms. */
export function findDurationField(lines: readonly LogLine[]): DurationField | null {
  const candidates = new Map<string, { field: DurationField; lines: number }>();
  for (const line of lines) {
    const { format, fields } = namedValues(line);
    const places = [
      ...(format ? Object.entries(fields).map((entry) => ({ format, entry })) : []),
      ...Object.entries(line.fields).map((entry) => ({ format: 'metadata' as const, entry })),
    ];
    for (const { format, entry } of places) {
      const field = durationField(format, ...entry);
      if (!field) continue;
      const key = JSON.stringify(field);
      const seen = candidates.get(key);
      if (seen) seen.lines++;
      else candidates.set(key, { field, lines: 1 });
    }
  }
  return [...candidates.values()].sort((a, b) => b.lines - a.lines)[0]?.field ?? null;
}

function durationField(format: DurationField['format'], name: string, value: string): DurationField | null {
  const match = DURATION_NAME.exec(name);
  if (!match) return null;
  if (NUMBER_WITH_UNIT.test(value)) return { name, format, unit: 'text' };
  if (!PLAIN_NUMBER.test(value)) return null;
  const suffix = match[1] as keyof typeof UNIT_OF_SUFFIX | undefined;
  return { name, format, unit: suffix ? UNIT_OF_SUFFIX[suffix] : 'ms' };
}
