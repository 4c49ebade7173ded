import type { LogLine, TimeRange } from '../../engine/log-line.ts';
import { type LabelNames, selector } from '../../engine/logql/selector.ts';
import { AppError } from '../../errors.ts';
import type { LogSource } from '../../ports.ts';
import type { Row, Table } from './formats/table.ts';
import type { ExportRequest } from './schema.ts';

const COLUMNS = ['time', 'service', 'level', 'line', 'labels'] as const;

/** A page takes some 2 MB, and 20 ms of work here. */
const PAGE_LINES = 2_500;

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
  const exactTime = timeWriter();
  let left = limit;
  for await (const page of pages) {
    yield (page.length > left ? page.slice(0, left) : page).map(
      ({ timestampNs, service, level, text, fields }) => [
        exactTime(timestampNs),
        service,
        level,
        text,
        fields,
      ],
    );
    left -= page.length;
    if (left <= 0) return;
  }
}

/** Writes times with all nine digits, as text that no spreadsheet rounds. Lines come in order: seconds repeat. */
function timeWriter(): (timestampNs: string) => string {
  let digits = '';
  let second = '';
  return (timestampNs) => {
    const seconds = timestampNs.slice(0, -9);
    if (seconds !== digits) {
      digits = seconds;
      second = new Date(Number(seconds) * 1_000).toISOString().slice(0, -5);
    }
    return `${second}.${timestampNs.slice(-9)}Z`;
  };
}
