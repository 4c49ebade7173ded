import type { Labels } from '../pipeline/entry.ts';
import { labelsTextOf } from '../store/streams.ts';
import type { MetricValue } from './binary.ts';
import type { FoundLine } from './log-query.ts';
import type { CategorisedLabels } from './stored-labels.ts';
import type { TimeSteps } from './time-steps.ts';

/** Seconds with milliseconds, as Prometheus writes an instant. */
const secondsOf = (ns: bigint): number => Number(ns / 1_000_000n) / 1000;

/** A sample value without exponent. */
function formatSample(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  const digits = whole + fraction;
  const exponent = Number(exponentText);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits.padEnd(exponent + 1, '0')}`;
}

const byLabels = <T extends { readonly labels: Labels }>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, key: labelsTextOf(item.labels) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);

/** The answer to a metric query over a range as text, a series at a time. */
export function* matrixText(value: MetricValue, steps: TimeSteps): Generator<string> {
  const times = Array.from({ length: steps.count }, (_, step) =>
    secondsOf(steps.startNs + BigInt(step) * steps.stepNs),
  );
  const series =
    typeof value === 'number' ? [{ labels: {}, values: times.map(() => value) }] : byLabels(value);
  yield '{"status":"success","data":{"resultType":"matrix","result":[';
  let separator = '';
  for (const { labels, values } of series) {
    const samples = values.flatMap((sample, step) =>
      sample === undefined ? [] : `[${times[step]},"${formatSample(sample)}"]`,
    );
    if (samples.length === 0) continue;
    yield `${separator}{"metric":${JSON.stringify(labels)},"values":[${samples.join(',')}]}`;
    separator = ',';
  }
  yield '],"stats":{}}}';
}

/** Samples are sorted by labels, unless the query sorts them itself. */
export function vectorResult(value: MetricValue, timeNs: bigint, keepsOrder: boolean): unknown {
  const time = secondsOf(timeNs);
  if (typeof value === 'number')
    return { resultType: 'scalar', result: [time, formatSample(value)], stats: {} };
  return {
    resultType: 'vector',
    result: (keepsOrder ? value : byLabels(value)).flatMap(({ labels, values: [sample] }) =>
      sample === undefined ? [] : [{ metric: labels, value: [time, formatSample(sample)] }],
    ),
    stats: {},
  };
}

type StreamOfLines = { readonly stream: Labels; readonly values: (readonly [string, string])[] };

/** Lines grouped under all of their labels. */
export function groupLines(found: readonly FoundLine[]): StreamOfLines[] {
  const streams = new Map<string, StreamOfLines>();
  const known = new Map<CategorisedLabels, StreamOfLines>();
  for (const { timestamp, line, labels } of found) {
    let group = known.get(labels);
    if (!group) {
      const { stream, metadata, parsed } = labels;
      const shown = { ...stream, ...metadata, ...parsed };
      const key = labelsTextOf(shown);
      group = streams.get(key) ?? { stream: shown, values: [] };
      streams.set(key, group);
      known.set(labels, group);
    }
    group.values.push([timestamp, line]);
  }
  return [...streams].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

const VALUES_A_PART = 500;

/** The answer to a log query as text, in parts of bounded length. */
export function* streamsText(found: readonly FoundLine[]): Generator<string> {
  yield '{"status":"success","data":{"resultType":"streams","result":[';
  let separator = '';
  for (const { stream, values } of groupLines(found)) {
    yield `${separator}{"stream":${JSON.stringify(stream)},"values":[`;
    for (let from = 0; from < values.length; from += VALUES_A_PART)
      yield (from > 0 ? ',' : '') + JSON.stringify(values.slice(from, from + VALUES_A_PART)).slice(1, -1);
    yield ']}';
    separator = ',';
  }
  yield '],"stats":{}}}';
}
