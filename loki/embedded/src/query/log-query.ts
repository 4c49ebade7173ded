import { badRequest } from '../errors.ts';
import type { LogQuery } from '../logql/syntax.ts';
import { Entry } from '../pipeline/entry.ts';
import { compilePipeline } from '../pipeline/pipeline.ts';
import { rowAt, type StoredLine } from '../store/rows.ts';
import { readOrdered, type Direction } from '../store/read-ordered.ts';
import { LINES_A_BREATH } from '../breather.ts';
import { pushDown } from './conditions.ts';
import type { QueryContext } from './query-context.ts';
import { categorise, StoredLabels, type CategorisedLabels } from './stored-labels.ts';

export type LogRange = {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly limit: number;
  readonly direction: Direction;
};

export type FoundLine = {
  readonly timestamp: string;
  readonly line: string;
  readonly labels: CategorisedLabels;
};

/** What is made of each line that a query finds. */
export type LineWriter<Written> = {
  /** A line that goes through no stage. */
  stored(line: StoredLine): Written;
  /** A line as the stages left it. */
  changed(entry: Entry): Written;
};

const FILTERED_READ_MIN = 1000;

/** The first lines of a log query in its direction, with the labels that its stages left. */
export function runLogQuery(context: QueryContext, query: LogQuery, range: LogRange): Promise<FoundLine[]> {
  const storedLabels = new StoredLabels(context.store.streams);
  return findLines(context, query, range, {
    stored: (line) => ({ timestamp: line.time, line: line.text, labels: storedLabels.of(line) }),
    changed: (entry) => ({ timestamp: entry.timestamp, line: entry.line, labels: categorise(entry) }),
  });
}

/** The same, with whatever `writer` makes of a line. */
export async function findLines<Written>(
  context: QueryContext,
  query: LogQuery,
  range: LogRange,
  writer: LineWriter<Written>,
): Promise<Written[]> {
  const { store } = context;
  const streams = store.streams.select(context.tenants, query.matchers);
  const { conditions, rest } = pushDown(query.stages, streams);
  const scan = { streams, fromNs: range.fromNs, toNs: range.toNs, conditions };
  const wanted = rest.length === 0 ? range.limit : Math.max(FILTERED_READ_MIN, range.limit);
  const found: Written[] = [];
  const pipeline = compilePipeline(rest);
  const entry = new Entry();
  const storedLabels = new StoredLabels(store.streams);
  let bytes = 0;
  await store.read(context.signal, async (connection) => {
    for await (const rows of readOrdered(store, connection, scan, range.direction, wanted)) {
      for (let index = 0; index < rows.count && found.length < range.limit; index += 1) {
        if (index % LINES_A_BREATH === 0) await context.breather.breathe();
        const line = rowAt(rows, index);
        if (rest.length === 0) found.push(writer.stored(line));
        else if (pipeline(storedLabels.reset(entry, line))) found.push(writer.changed(entry));
        else continue;
        bytes += rest.length === 0 ? line.text.length : entry.line.length;
      }
      if (bytes > context.limits.queryBytesMax) throw tooLarge(context.limits.queryBytesMax);
      if (found.length >= range.limit) return;
    }
  });
  return found;
}

const tooLarge = (bytes: number): Error =>
  badRequest(`the lines that the query finds take more than ${bytes} bytes: add filters or lower the limit`);
