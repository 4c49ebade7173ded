import type { LogLine, TimeRange } from '../../engine/log-line.ts';
import { type LabelNames, selector } from '../../engine/logql/selector.ts';
import { AppError } from '../../errors.ts';
import type { LogSource } from '../../ports.ts';
import type { Row, Table } from './formats/table.ts';
import type { ExportRequest } from './schema.ts';

const COLUMNS = ['time', 'service', 'level', 'line', 'labels'] as const;

/** Larger pages cost as much time and a third more memory. */
const PAGE_LINES = 1_000;

interface LinesExport {
  readonly logs: LogSource;
  readonly labels: LabelNames;
  readonly linesMax: number;
  readonly window: TimeRange;
  readonly signal: AbortSignal;
}

/** The lines of a window, oldest first. Everything that can be refused is refused before the first row. */
export async function exportLines(
  { logs, labels, linesMax, window: range, signal }: LinesExport,
  { services, severity, search, limit }: ExportRequest,
): Promise<Table> {
  const query = selector({ services, levels: severity, search, ids: {} }, labels);
  await logs.guardCost({ query: selector({ services, ids: {} }, labels), range, signal });
  const [series] = await logs.countOverTime({
    query: `sum(count_over_time(${query} [$step]))`,
    range,
    stepMs: range.endMs - range.startMs,
    signal,
  });
  const counted = series?.values[0] ?? 0;
  const wanted = Math.min(counted, limit ?? Infinity);
  if (wanted > linesMax)
    throw new AppError(
      'query_too_large',
      `The window holds ${counted.toLocaleString('en')} lines, and an export at most ${linesMax.toLocaleString('en')}. Narrow it with services, severity, search or a shorter time range, give a limit, or raise EXPORT_LINES_MAX.`,
    );
  const pages = logs.readPages({ query, range, pageLines: PAGE_LINES, signal });
  return { title: 'lines', columns: COLUMNS, rowsTotal: wanted, pages: rowsOf(pages, limit ?? linesMax) };
}

async function* rowsOf(
  pages: AsyncIterable<readonly LogLine[]>,
  limit: number,
): AsyncGenerator<readonly Row[], void> {
  let left = limit;
  for await (const page of pages) {
    yield page
      .slice(0, left)
      .map(({ timestampNs, service, level, text, fields }) => [
        exactTime(timestampNs),
        service,
        level,
        text,
        fields,
      ]);
    left -= page.length;
    if (left <= 0) return;
  }
}

/** With all nine digits, and as text that no spreadsheet rounds. */
function exactTime(timestampNs: string): string {
  const seconds = new Date(Number(timestampNs.slice(0, -9)) * 1_000).toISOString().slice(0, -5);
  return `${seconds}.${timestampNs.slice(-9)}Z`;
}
