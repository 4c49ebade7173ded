import { stringify } from 'csv-stringify/sync';
import { type Format, cellText } from './table.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/** RFC 4180 with a byte order mark, without which spreadsheets misread UTF-8. Text that a spreadsheet would run as a
 * formula gets an apostrophe before it: https://owasp.org/www-community/attacks/CSV_Injection */
export const csv: Format = {
  contentType: 'text/csv; charset=utf-8',
  extension: 'csv',
  async *write({ columns, pages }) {
    yield BYTE_ORDER_MARK + write([columns]);
    for await (const page of pages) yield write(page.map((row) => row.map(cellText)));
  },
};

function write(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], { escape_formulas: true, record_delimiter: 'windows' });
}
