import { type Cell, type Row, cellText } from './table.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** Excel's limit. */
const CELL_CHARACTERS_MAX = 32_767;

/** `number` counts from 1. Text is written in the cell itself and never run as a formula. At most 26 columns. */
export function rowXml(row: Row, number: number): string {
  const cells = row.map((cell, column) => cellXml(cell, `${String.fromCharCode(65 + column)}${number}`));
  return `<row r="${number}">${cells.join('')}</row>`;
}

function cellXml(cell: Cell, place: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escape(cellText(cell))}</t></is></c>`;
}

export function sheetStart(): string {
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>`;
}

export function sheetEnd(): string {
  return '</sheetData></worksheet>';
}

export function contentTypes(sheets: number): string {
  const parts = each(
    sheets,
    (sheet) =>
      `<Override PartName="/xl/worksheets/sheet${sheet}.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/>`,
  );
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/>${parts}</Types>`;
}

export function rootRelations(): string {
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;
}

export function workbook(title: string, sheets: number): string {
  const parts = each(
    sheets,
    (sheet) =>
      `<sheet name="${escape(sheet === 1 ? title : `${title} ${sheet}`)}" sheetId="${sheet}" r:id="rId${sheet}"/>`,
  );
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets>${parts}</sheets></workbook>`;
}

export function workbookRelations(sheets: number): string {
  const parts = each(
    sheets,
    (sheet) =>
      `<Relationship Id="rId${sheet}" Type="${DOCUMENT}/worksheet" Target="worksheets/sheet${sheet}.xml"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${parts}</Relationships>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML cannot hold control characters: ECMA-376 writes them as _x0000_, and what looks like that with a mark before. */
function escape(text: string): string {
  return text
    .slice(0, CELL_CHARACTERS_MAX)
    .toWellFormed()
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll(/[\u0000-\u0008\u000B\u000C\r\u000E-\u001F\uFFFE\uFFFF]/g, (character) => {
      const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      return `_x${code}_`;
    })
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

function each(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index + 1)).join('');
}
