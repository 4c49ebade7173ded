import { unwrapContainerLine } from './container.ts';
import { FORMAT_NAMES, formatOf, type FormatName, type LogFormat } from './parse-line.ts';

/** How many lines from the start of a file its format is told by. */
export const DETECTION_LINES = 200;

/**
 * The format that most of the given first lines of a file have.
 * `referenceMs` (the file's modification time) supplies what dates leave out.
 */
export function detectFormat(firstLines: readonly string[], referenceMs: number): LogFormat {
  const options = { referenceMs, dayFirst: isDayFirst(firstLines) };
  const votes = new Map<FormatName, number>();
  for (const line of firstLines) {
    const name = formatOf(line, options);
    if (name !== null) votes.set(name, (votes.get(name) ?? 0) + 1);
  }
  const best = FORMAT_NAMES.reduce((a, b) => ((votes.get(b) ?? 0) > (votes.get(a) ?? 0) ? b : a), 'plain');
  const isWrapped = firstLines.some((line) => unwrapContainerLine(line, options) !== null);
  return { ...options, name: best, isWrapped };
}

/** Whether a date such as 13/04/2005 among the lines shows that the day comes first. */
function isDayFirst(lines: readonly string[]): boolean {
  return lines.some((line) => {
    const groups = NUMERIC_DATE.exec(line.slice(0, 100));
    return groups !== null && Number(groups[1]) > 12;
  });
}

const NUMERIC_DATE = /(?<![\d/.-])(\d\d?)[/.-]\d\d?(?:[/.-]\d{4},?)? \d\d?:\d\d:\d\d/;
