import { type Cell, type Format, cellText } from './table.ts';

const BYTE_ORDER_MARK = '\uFEFF';
const LINE_END = '\r\n';
const NEEDS_QUOTES = /[",\r\n]/;
/** What a spreadsheet takes as the start of a formula, and the wide forms that some of them read as the same sign. */
const STARTS_FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * RFC 4180 with a byte order mark, without which spreadsheets misread UTF-8. Text that a spreadsheet would run as a
 * formula gets an apostrophe before it: https://owasp.org/www-community/attacks/CSV_Injection
 */
export const csv: Format = {
  contentType: 'text/csv; charset=utf-8',
  extension: 'csv',
  async *write({ columns, pages }) {
    yield BYTE_ORDER_MARK + columns.map(field).join(',') + LINE_END;
    for await (const page of pages) {
      let text = '';
      for (const row of page) text += row.map(field).join(',') + LINE_END;
      yield text;
    }
  },
};

function field(cell: Cell): string {
  const text = cellText(cell);
  const value = STARTS_FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
