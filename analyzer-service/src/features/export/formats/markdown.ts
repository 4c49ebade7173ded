import { type Format, cellText } from './table.ts';

const CELL_CHARACTERS_MAX = 2_000;

/** A table of GitHub-flavoured Markdown, to be read: long cells are cut. */
export const markdown: Format = {
  contentType: 'text/markdown; charset=utf-8',
  extension: 'md',
  async *write({ title, columns, pages }) {
    yield `# ${title}\n\n${writeRow(columns)}${writeRow(columns.map(() => '---'))}`;
    for await (const page of pages)
      yield page.map((row) => writeRow(row.map((cell) => escape(cellText(cell))))).join('');
  },
};

function writeRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

function escape(text: string): string {
  const cut =
    text.length > CELL_CHARACTERS_MAX ? `${text.slice(0, CELL_CHARACTERS_MAX).toWellFormed()} …` : text;
  return cut.replaceAll(/[\\`*_{}[\]<>|~]/g, String.raw`\$&`).replaceAll(/\r\n|\r|\n/g, '<br>');
}
