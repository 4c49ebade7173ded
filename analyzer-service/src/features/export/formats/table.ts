/** What every format is written from: named columns, and rows that come page by page. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rowsTotal: number;
  readonly pages: AsyncIterable<readonly Row[]>;
}

/** In the order of the columns. An object is written as JSON where a format has only text. */
export type Row = readonly Cell[];
export type Cell = string | number | null | object;

export interface Format {
  readonly contentType: string;
  readonly extension: string;
  write(table: Table): AsyncGenerator<string | Uint8Array, void>;
}

export function cellText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

export function rowObject(columns: readonly string[], row: Row): Record<string, Cell> {
  return Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null]));
}
