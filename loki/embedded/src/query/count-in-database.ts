import type { Grouping, RangeAggregation } from '../logql/syntax.ts';
import type { Labels } from '../pipeline/entry.ts';
import { aggregate, type SqlSource } from '../store/scan.ts';
import type { Stream } from '../store/streams.ts';
import type { QueryContext } from './query-context.ts';
import { groupLabels } from './series.ts';
import { StoredLabels, type CategorisedLabels } from './stored-labels.ts';
import type { Windows } from './time-steps.ts';
import type { WindowedSeries } from './windowed-series.ts';

/** Counts lines, or their bytes, by stream and window without reading them. */
export async function countInDatabase(
  context: QueryContext,
  { operator }: RangeAggregation,
  source: SqlSource,
  streams: readonly Stream[],
  grouping: Grouping | null,
  series: WindowedSeries,
): Promise<void> {
  const isBytes = operator.startsWith('bytes');
  const fromLines = labelsFromLines(grouping, streams);
  const level = !fromLines || fromLines.some((label) => label.startsWith('detected_level')) ? 'level' : "''";
  const metadata = !fromLines || fromLines.some((label) => label !== 'detected_level') ? 'metadata' : "''";
  const place = placeColumns(series.windows);
  const rows = await context.store.read(context.signal, (connection) =>
    aggregate(
      connection,
      source,
      `stream, ${level}, ${metadata}, ${place.first}, ${place.end}, ${isBytes ? 'sum(strlen(line))::DOUBLE' : 'count(*)::DOUBLE'}`,
      'GROUP BY ALL',
    ),
  );
  const storedLabels = new StoredLabels(context.store.streams);
  const grouped = new Map<CategorisedLabels, Labels>();
  for (const [stream, levelValue, metadataText, first, end, value] of rows as unknown as CountRow[]) {
    const found = storedLabels.of({ stream, level: levelValue, metadata: metadataText, time: '0', text: '' });
    let labels = grouped.get(found);
    if (!labels) {
      const all = { ...found.stream, ...found.metadata };
      labels = grouping ? groupLabels(all, grouping) : all;
      grouped.set(found, labels);
    }
    series.addPart(labels, first, end, value, 0);
  }
}

/** Stream, level, metadata, first window, end of windows, count. */
type CountRow = readonly [number, string, string, number, number, number];

/** Of the labels to group by, those that not every stream has; null when all labels are kept. */
function labelsFromLines(grouping: Grouping | null, streams: readonly Stream[]): string[] | null {
  if (!grouping || grouping.without) return null;
  return grouping.labels.filter((label) => streams.some((stream) => !Object.hasOwn(stream.labels, label)));
}

/** In SQL, what `Windows.first` and `Windows.end` compute. */
function placeColumns({ baseNs, stepNs, rangeNs, count }: Windows): { first: string; end: string } {
  const relative = `(ts - ${baseNs})`;
  return {
    first: `(CASE WHEN ${relative} <= 0 THEN 0 ELSE (${relative} + ${stepNs - 1}) // ${stepNs} END)::DOUBLE`,
    end: `least(${count}, (${relative} + ${rangeNs} + ${stepNs - 1}) // ${stepNs})::DOUBLE`,
  };
}
