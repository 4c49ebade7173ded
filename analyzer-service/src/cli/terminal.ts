import { styleText } from 'node:util';

const BARS = '▁▂▃▄▅▆▇█';
const WIDTH_WITHOUT_TERMINAL = 120;

/** How wide a report may be. */
export function terminalWidth(stream: NodeJS.WriteStream = process.stdout): number {
  return stream.isTTY ? Math.max(40, stream.columns) : WIDTH_WITHOUT_TERMINAL;
}

type Style = Parameters<typeof styleText>[0];

/** Colours on a terminal only; NO_COLOR and FORCE_COLOR are respected. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Log text without anything that a terminal would obey: escape sequences and control characters become visible. */
export function printable(text: string): string {
  return text.replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => (character === '\n' || character === '\t' ? ' ' : '�'),
  );
}

/** At most `width` characters; what is cut is shown by an ellipsis. */
export function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Words wrapped at `width`, each line after an indent. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line.length > indent.length && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  return [...lines, line].join('\n');
}

/** One character a value; the highest fills its cell, zero is a space. */
export function sparkline(values: readonly number[]): string {
  const top = Math.max(...values, 0);
  return values
    .map((value) => (value <= 0 ? ' ' : (BARS[Math.min(7, Math.floor((value / top) * 8))] ?? ' ')))
    .join('');
}
