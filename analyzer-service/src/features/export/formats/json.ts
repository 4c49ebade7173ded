import { type Format, rowObject } from './table.ts';

/** One object whose only member, named by the title, is the list of rows. */
export const json: Format = {
  contentType: 'application/json',
  extension: 'json',
  async *write({ title, columns, pages }) {
    yield `{${JSON.stringify(title)}:[`;
    let separator = '\n';
    for await (const page of pages) {
      yield page
        .map((row) => {
          const text = `${separator}${JSON.stringify(rowObject(columns, row))}`;
          separator = ',\n';
          return text;
        })
        .join('');
    }
    yield '\n]}\n';
  },
};

/** One JSON object a line. */
export const ndjson: Format = {
  contentType: 'application/x-ndjson',
  extension: 'ndjson',
  async *write({ columns, pages }) {
    for await (const page of pages)
      yield page.map((row) => `${JSON.stringify(rowObject(columns, row))}\n`).join('');
  },
};
