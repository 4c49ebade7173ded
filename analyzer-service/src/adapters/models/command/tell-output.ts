import type { Readable } from 'node:stream';

const LINE_CHARS_MAX = 1_000;
const LINES_PER_MINUTE_MAX = 300;

/** Tells what a program writes, line by line; what is too long or too much is left out and counted. */
export function tellOutput(streams: readonly Readable[], tell: (line: string) => void): void {
  let minute = 0;
  let told = 0;
  const tellWithin = (line: string) => {
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) {
      if (told > LINES_PER_MINUTE_MAX) tell(`(${told - LINES_PER_MINUTE_MAX} lines left out)`);
      [minute, told] = [now, 0];
    }
    if (++told <= LINES_PER_MINUTE_MAX) tell(line.slice(0, LINE_CHARS_MAX));
  };
  for (const stream of streams) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (rest + text).split(/\r?\n|\r/);
      // Of a line that does not end, the beginning is kept.
      rest = (lines.pop() ?? '').slice(0, LINE_CHARS_MAX);
      for (const line of lines) if (line.trim()) tellWithin(line);
    });
    stream.on('end', () => rest.trim() && tellWithin(rest));
  }
}
