import type { Grouping, RangeAggregation } from '../logql/syntax.ts';
import { Entry, type Labels } from '../pipeline/entry.ts';
import { aggregate, type SqlSource } from '../store/scan.ts';
import type { Stream } from '../store/streams.ts';
import type { QueryContext } from './query-context.ts';
import { groupLabels } from './series.ts';
import { storedMetadata } from './stored-labels.ts';
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
  const { first, end } = placeColumns(series.windows);
  const rows = await context.store.read(context.signal, (connection) =>
    aggregate(
      connection,
      source,
      `stream, ${level}, ${metadata}, ${first}, ${end}, ${isBytes ? 'sum(strlen(line))::DOUBLE' : 'count(*)::DOUBLE'}`,
      'GROUP BY ALL',
    ),
  );
  const entry = new Entry();
  const cache = new Map<string, Labels>();
  for (const [stream, levelValue, metadataText, firstWindow, endWindow, value] of rows as [
    number,
    string,
    string,
    number,
    number,
    number,
  ][]) {
    const key = `${stream}\0${levelValue}\0${metadataText}`;
    let labels = cache.get(key);
    if (!labels) {
      const extra = level === "''" && metadata === "''" ? null : storedMetadata(metadataText, levelValue);
      entry.reset('0', '', context.store.streams.byId(stream).labels, extra);
      labels = grouping ? groupLabels(entry.labels(), grouping) : entry.labels();
      cache.set(key, labels);
    }
    series.addPart(labels, firstWindow, endWindow, value, 0);
  }
}

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
