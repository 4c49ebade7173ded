import { DETECTION_LINES, detectFormat } from '../formats/detect-format.ts';
import { parseLine, type LogFormat } from '../formats/parse-line.ts';
import { toTimeMs } from '../formats/timestamp.ts';
import type { TimeRange } from '../log-line.ts';
import type { LogInput } from './log-input.ts';

/** What a quick look at a file tells: how to read it, and which time it covers (null when no line carries one). */
export interface FileSurvey {
  readonly format: LogFormat;
  readonly range: TimeRange | null;
}

/** Lines of one batch that are looked at; of a long batch every so many. */
const LINES_PER_BATCH = 1000;

/** The range of a large file may miss a few lines in its middle: the reading itself finds out. */
export async function surveyLog(
  file: LogInput,
  onProgress: (bytesRead: number) => void,
): Promise<FileSurvey> {
  let format: LogFormat | null = null;
  let earliest = Infinity;
  let latest = -Infinity;
  for await (const lines of file.sample(onProgress)) {
    format ??= detectFormat(lines.slice(0, DETECTION_LINES), file.modifiedMs);
    const step = Math.ceil(lines.length / LINES_PER_BATCH);
    for (let index = 0; index < lines.length; index += step) {
      const { instant } = parseLine(lines[index] ?? '', format);
      if (instant === null) continue;
      const timeMs = toTimeMs(instant);
      if (timeMs < earliest) earliest = timeMs;
      if (timeMs > latest) latest = timeMs;
    }
  }
  format ??= detectFormat([], file.modifiedMs);
  return { format, range: latest === -Infinity ? null : { startMs: earliest, endMs: latest + 1 } };
}
