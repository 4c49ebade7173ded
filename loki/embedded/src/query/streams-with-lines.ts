import type { TimeRange } from '../http/parameters.ts';
import type { Matcher } from '../logql/syntax.ts';
import { aggregate, sourceOf } from '../store/scan.ts';
import type { Stream } from '../store/streams.ts';
import type { QueryContext } from './query-context.ts';

/** The streams that match and have a line in the range. */
export async function streamsWithLines(
  context: QueryContext,
  matchers: readonly Matcher[],
  { startNs, endNs }: TimeRange,
): Promise<readonly Stream[]> {
  const streams = context.store.streams.select(context.tenants, matchers);
  const source = sourceOf(context.store, { streams, fromNs: startNs, toNs: endNs + 1n, conditions: [] });
  if (!source) return [];
  const rows = await context.store.read(context.signal, (connection) =>
    aggregate(connection, source, 'DISTINCT stream', ''),
  );
  const ids = new Set(rows.map(([id]) => id as number));
  return streams.filter((stream) => ids.has(stream.id));
}
