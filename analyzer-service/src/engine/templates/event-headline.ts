const LINES_READ_MAX = 400;
const PARTS_MAX = 4;
const FRAME = /^(?:\s|at |\.\.\. \d+|File "|goroutine \d|created by |$)/;

/**
 * The one line that stands for an event of several: its first line, and of a stack trace the lines that say what
 * happened (`Caused by: …`, the last line of a Python traceback), but no frames. Reads at most 400 lines.
 */
export function eventHeadline(text: string): string {
  const lines = text.split('\n', LINES_READ_MAX);
  const telling = lines.slice(1).filter((line) => !FRAME.test(line));
  return [lines[0]!, ...telling.slice(-(PARTS_MAX - 1))].join(' | ');
}
