import { badRequest } from '../errors.ts';
import type { Grouping, RangeAggregation, Stage } from '../logql/syntax.ts';
import { Entry, type Labels } from '../pipeline/entry.ts';
import { compilePipeline } from '../pipeline/pipeline.ts';
import { wantedLabels } from '../pipeline/wanted-labels.ts';
import { readUnordered } from '../store/read-unordered.ts';
import { rowAt } from '../store/rows.ts';
import type { Scan } from '../store/scan.ts';
import { compileUnwrap } from '../stages/unwrap.ts';
import { LINES_A_BREATH } from '../breather.ts';
import type { QueryContext } from './query-context.ts';
import { groupLabels } from './series.ts';
import { StoredLabels } from './stored-labels.ts';
import type { WindowedSeries } from './windowed-series.ts';

/** Runs every line through the pipeline and adds the number that it stands for. */
export async function sampleLines(
  context: QueryContext,
  query: RangeAggregation,
  stages: readonly Stage[],
  scan: Scan,
  sumGrouping: Grouping | null,
  series: WindowedSeries,
): Promise<void> {
  const wanted = wantedLabels(stages, query.unwrap, sumGrouping);
  const pipeline = compilePipeline(wanted?.size === 0 ? withoutParsers(stages) : stages);
  const unwrap = query.unwrap && compileUnwrap(query.unwrap);
  const isBytes = query.operator.startsWith('bytes');
  const grouping = groupingOf(query, sumGrouping);
  const entry = new Entry(wanted);
  const storedLabels = new StoredLabels(context.store.streams);
  const { baseNs } = series.windows;
  await context.store.read(context.signal, async (connection) => {
    for await (const rows of readUnordered(context.store, connection, scan)) {
      for (let index = 0; index < rows.count; index += 1) {
        if (index % LINES_A_BREATH === 0) await context.breather.breathe();
        storedLabels.reset(entry, rowAt(rows, index));
        if (!pipeline(entry)) continue;
        const value = unwrap ? unwrap(entry) : isBytes ? Buffer.byteLength(entry.line) : 1;
        if (value === null) continue;
        series.add(labelsOf(entry, grouping), value, Number(BigInt(entry.timestamp) - baseNs));
      }
    }
  });
}

/** Without a grouping of its own, an unwrapped label is no label of the result. */
function groupingOf({ unwrap, grouping }: RangeAggregation, sumGrouping: Grouping | null): Grouping | null {
  const chosen = grouping ?? sumGrouping;
  if (!unwrap || (chosen && !chosen.without && chosen.labels.length > 0)) return chosen;
  if (chosen && !chosen.without) return chosen;
  return { without: true, labels: [...(chosen?.labels ?? []), unwrap.label] };
}

function labelsOf(entry: Entry, grouping: Grouping | null): Labels {
  const labels = entry.labels();
  if (entry.error !== '') throw pipelineError(entry.error, labels);
  return grouping ? groupLabels(labels, grouping) : labels;
}

function pipelineError(error: string, labels: Labels): Error {
  const text = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
    .join(', ');
  return badRequest(
    `pipeline error: '${error}' for series: '{${text}}'.\nUse a label filter to intentionally skip this error. (e.g | __error__!="${error}").\nTo skip all potential errors you can match empty errors.(e.g __error__="")\nThe label filter can also be specified after unwrap. (e.g | unwrap latency | __error__="" )\n`,
  );
}

const PARSERS: ReadonlySet<Stage['kind']> = new Set(['json', 'logfmt', 'pattern', 'unpack', 'regexp']);

const withoutParsers = (stages: readonly Stage[]): Stage[] =>
  stages.filter((stage) => !PARSERS.has(stage.kind));
