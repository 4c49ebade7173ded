import { Zip, ZipDeflate, strToU8 } from 'fflate';
import {
  contentTypes,
  rootRelations,
  rowXml,
  sheetEnd,
  sheetStart,
  workbook,
  workbookRelations,
} from './xlsx-parts.ts';
import type { Format, Row, Table } from './table.ts';

/** Rows of one sheet, the header among them; more go on in a further sheet. */
const SHEET_ROWS_MAX = 1_048_576;
/** Rows that are compressed at one time: a few milliseconds. */
const BATCH_ROWS = 500;

/** Office Open XML (ECMA-376), written sheet by sheet so that no row is kept. Libraries that keep them need gigabytes. */
export const xlsx: Format = {
  contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  extension: 'xlsx',
  async *write(table) {
    let chunks: Uint8Array[] = [];
    const zip = new Zip((error, chunk) => {
      if (error) throw error;
      chunks.push(chunk);
    });
    const compressed = () => {
      const taken = chunks;
      chunks = [];
      return Buffer.concat(taken);
    };
    const sheets = new SheetWriter(zip, table);
    for await (const page of table.pages) {
      for (let from = 0; from < page.length; from += BATCH_ROWS) {
        sheets.add(page.slice(from, from + BATCH_ROWS));
        yield compressed();
      }
    }
    const count = sheets.end();
    addPart(zip, '[Content_Types].xml', contentTypes(count));
    addPart(zip, '_rels/.rels', rootRelations());
    addPart(zip, 'xl/workbook.xml', workbook(table.title, count));
    addPart(zip, 'xl/_rels/workbook.xml.rels', workbookRelations(count));
    zip.end();
    yield compressed();
  },
};

class SheetWriter {
  readonly #zip: Zip;
  readonly #table: Table;
  #sheet: ZipDeflate;
  #sheets = 0;
  #rows = 0;

  constructor(zip: Zip, table: Table) {
    this.#zip = zip;
    this.#table = table;
    this.#sheet = this.#open();
  }

  add(rows: readonly Row[]): void {
    const room = SHEET_ROWS_MAX - this.#rows;
    this.#push(rows.slice(0, room));
    if (rows.length <= room) return;
    this.#close();
    this.#sheet = this.#open();
    this.#push(rows.slice(room));
  }

  /** Returns how many sheets there are. */
  end(): number {
    this.#close();
    return this.#sheets;
  }

  #open(): ZipDeflate {
    this.#sheets++;
    this.#rows = 0;
    const sheet = new ZipDeflate(`xl/worksheets/sheet${this.#sheets}.xml`, { level: 3 });
    this.#zip.add(sheet);
    sheet.push(strToU8(sheetStart()));
    this.#sheet = sheet;
    this.#push([this.#table.columns]);
    return sheet;
  }

  #push(rows: readonly Row[]): void {
    const first = this.#rows + 1;
    this.#rows += rows.length;
    this.#sheet.push(strToU8(rows.map((row, index) => rowXml(row, first + index)).join('')));
  }

  #close(): void {
    this.#sheet.push(strToU8(sheetEnd()), true);
  }
}

function addPart(zip: Zip, name: string, xml: string): void {
  const part = new ZipDeflate(name);
  zip.add(part);
  part.push(strToU8(xml), true);
}
