import type { LogFile } from '../../adapters/files/log-file.ts';
import { readLines } from '../../adapters/files/read-lines.ts';
import { DETECTION_LINES, detectFormat } from '../../engine/formats/detect-format.ts';
import { parseLine, type LogFormat } from '../../engine/formats/parse-line.ts';
import { toTimeMs } from '../../engine/formats/timestamp.ts';
import type { TimeRange } from '../../engine/log-line.ts';

/** What a quick look at a file tells: how to read it, and which time it covers (null when no line carries one). */
export interface FileSurvey {
  readonly format: LogFormat;
  readonly range: TimeRange | null;
}

/** Files up to this size are looked at line by line; of larger ones some lines of each batch. */
const EVERY_LINE_BYTES_MAX = 2 * 1024 * 1024;
const LINES_PER_BATCH = 32;

/** The range of a large file may miss a few lines at its edges: the reading itself finds out. */
export async function surveyFile(
  file: LogFile,
  onProgress: (bytesRead: number) => void,
): Promise<FileSurvey> {
  let format: LogFormat | null = null;
  let earliest = Infinity;
  let latest = -Infinity;
  for await (const { lines } of readLines(file, onProgress)) {
    format ??= detectFormat(lines.slice(0, DETECTION_LINES), file.modifiedMs);
    const step = file.sizeBytes <= EVERY_LINE_BYTES_MAX ? 1 : Math.ceil(lines.length / LINES_PER_BATCH);
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
