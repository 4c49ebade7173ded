import type { LogQuery } from '../logql/syntax.ts';
import { Entry, type LabelCategory } from '../pipeline/entry.ts';
import { compilePipeline } from '../pipeline/pipeline.ts';
import { readOrdered, sourceOf, type Cursor, type Rows } from '../store/scan.ts';
import { Breather } from './breather.ts';
import { pushDown } from './conditions.ts';
import type { QueryContext } from './query-context.ts';
import { storedMetadata } from './stored-labels.ts';

export type Direction = 'forward' | 'backward';

export type LogRange = {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly limit: number;
  readonly direction: Direction;
};

/** Labels of a line by where they come from. */
export type CategorisedLabels = Readonly<Record<LabelCategory, Readonly<Record<string, string>>>>;

export type FoundLine = {
  readonly timestamp: bigint;
  readonly line: string;
  readonly labels: CategorisedLabels;
};

const FIRST_READ = 1000;
const READ_MAX = 20_000;

/** The first lines of a log query in its direction, with the labels that its stages left. */
export async function runLogQuery(
  context: QueryContext,
  query: LogQuery,
  range: LogRange,
): Promise<FoundLine[]> {
  const { conditions, rest } = pushDown(query.stages);
  const source = sourceOf(context.store, {
    streams: context.store.streams.select(context.tenants, query.matchers),
    fromNs: range.fromNs,
    toNs: range.toNs,
    conditions,
  });
  const found: FoundLine[] = [];
  if (!source || range.limit === 0) return found;
  const pipeline = compilePipeline(rest);
  const entry = new Entry();
  const breather = new Breather(context.signal);
  await context.store.read(context.signal, async (connection) => {
    let size = rest.length === 0 ? range.limit : Math.min(READ_MAX, Math.max(FIRST_READ, range.limit * 2));
    let after: Cursor | null = null;
    for (;;) {
      const rows: Rows = await readOrdered(connection, source, range.direction, size, after);
      const count = rows.lines.length;
      for (let index = 0; index < count && found.length < range.limit; index += 1) {
        const stream = context.store.streams.byId(rows.streams[index] as number);
        const metadata = storedMetadata(rows.metadata[index] ?? '', rows.levels[index] ?? '');
        entry.reset(rows.timestamps[index] as bigint, rows.lines[index] as string, stream.labels, metadata);
        if (pipeline(entry))
          found.push({ timestamp: entry.timestamp, line: entry.line, labels: categorise(entry) });
        if (index % 256 === 0) await breather.breathe();
      }
      if (count < size || found.length >= range.limit) return;
      after = {
        timestamp: rows.timestamps[count - 1] as bigint,
        position: rows.positions[count - 1] as bigint,
      };
      size = Math.min(READ_MAX, size * 4);
    }
  });
  return found;
}

export function categorise(entry: Entry): CategorisedLabels {
  const labels = { stream: {}, metadata: {}, parsed: {} } as Record<LabelCategory, Record<string, string>>;
  entry.visitLabels((name, value, category) => {
    labels[category][name] = value;
  });
  return labels;
}
