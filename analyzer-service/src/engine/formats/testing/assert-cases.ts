import assert from 'node:assert/strict';
import type { Level } from '../../log-line.ts';
import { detectFormat } from '../detect-format.ts';
import { parseLine } from '../parse-line.ts';
import { toTimeMs } from '../timestamp.ts';

/** When the lines are read. */
export const REFERENCE_MS = Date.UTC(2026, 10, 21, 12);

/** line, time, level, service, message */
export type LineCase = readonly [string, string | null, Level, string, string];

export function assertCases(cases: readonly LineCase[]): void {
  for (const [text, time, level, service, message] of cases) {
    const line = parseLine(text, detectFormat([text], REFERENCE_MS));
    const found = line.instant && new Date(toTimeMs(line.instant)).toISOString();
    assert.deepEqual(
      { time: found, level: line.level, service: line.service || line.component, message: line.message },
      { time, level, service, message },
      text,
    );
  }
}
