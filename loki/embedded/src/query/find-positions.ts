import type { LogQuery } from '../logql/syntax.ts';
import { Entry } from '../pipeline/entry.ts';
import { compilePipeline } from '../pipeline/pipeline.ts';
import { readUnordered, sourceOf } from '../store/scan.ts';
import { Breather } from './breather.ts';
import { pushDown } from './conditions.ts';
import type { QueryContext } from './query-context.ts';
import { storedMetadata } from './stored-labels.ts';

/** Where the lines of a query are stored. */
export async function findPositions(
  context: QueryContext,
  query: LogQuery,
  range: { readonly fromNs: bigint; readonly toNs: bigint },
): Promise<bigint[]> {
  const { conditions, rest } = pushDown(query.stages);
  const streams = context.store.streams.select(context.tenants, query.matchers);
  const source = sourceOf(context.store, { streams, ...range, conditions });
  const positions: bigint[] = [];
  if (!source) return positions;
  const pipeline = compilePipeline(rest);
  const entry = new Entry();
  const breather = new Breather(context.signal);
  await context.store.read(context.signal, async (connection) => {
    for await (const rows of readUnordered(connection, source)) {
      for (const [index, line] of rows.lines.entries()) {
        const metadata = storedMetadata(rows.metadata[index] ?? '', rows.levels[index] ?? '');
        const stream = context.store.streams.byId(rows.streams[index] as number);
        entry.reset(rows.timestamps[index] as bigint, line, stream.labels, metadata);
        if (pipeline(entry)) positions.push(rows.positions[index] as bigint);
      }
      await breather.breathe();
    }
  });
  return positions;
}
