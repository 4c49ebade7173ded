import type { DuckDBConnection } from '@duckdb/node-api';
import type { LogQuery } from '../logql/syntax.ts';
import { Entry } from '../pipeline/entry.ts';
import { compilePipeline } from '../pipeline/pipeline.ts';
import { readUnordered } from '../store/read-unordered.ts';
import { rowAt } from '../store/rows.ts';
import { LINES_A_BREATH } from '../breather.ts';
import { pushDown } from './conditions.ts';
import type { QueryContext } from './query-context.ts';
import { StoredLabels } from './stored-labels.ts';

/** Where the lines of a query are stored. */
export async function findPositions(
  context: QueryContext,
  connection: DuckDBConnection,
  query: LogQuery,
  range: { readonly fromNs: bigint; readonly toNs: bigint },
): Promise<bigint[]> {
  const streams = context.store.streams.select(context.tenants, query.matchers);
  const { conditions, rest } = pushDown(query.stages, streams);
  const scan = { streams, ...range, conditions };
  const positions: bigint[] = [];
  const pipeline = compilePipeline(rest);
  const entry = new Entry();
  const storedLabels = new StoredLabels(context.store.streams);
  for await (const rows of readUnordered(context.store, connection, scan, true)) {
    for (const [index, position] of rows.positions.entries()) {
      if (index % LINES_A_BREATH === 0) await context.breather.breathe();
      if (pipeline(storedLabels.reset(entry, rowAt(rows, index)))) positions.push(BigInt(position));
    }
  }
  return positions;
}
