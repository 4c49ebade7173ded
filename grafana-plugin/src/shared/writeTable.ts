export type Cell = string | number | null;

/** RFC 4180; text that a spreadsheet would take for a formula begins with a quote mark instead. */
export function writeCsv(columns: readonly string[], rows: ReadonlyArray<readonly Cell[]>): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

export function writeMarkdown(columns: readonly string[], rows: ReadonlyArray<readonly Cell[]>): string {
  const lines = [columns, columns.map(() => '---'), ...rows.map((row) => row.map(markdownCell))];
  return lines.map((row) => `| ${row.join(' | ')} |\n`).join('');
}

function csvCell(cell: Cell): string {
  if (typeof cell === 'number') {
    return String(cell);
  }
  const text = /^[=+\-@\t\r]/.test(cell ?? '') ? `'${cell}` : (cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Text stays text: no markup, no link, no further cell. */
function markdownCell(cell: Cell): string {
  return String(cell ?? '')
    .replace(/[\\`*_{}[\]<>()#|!~]/g, '\\$&')
    .replace(/\s+/g, ' ');
}
