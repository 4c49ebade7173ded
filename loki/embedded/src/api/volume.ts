import { badRequest } from '../errors.ts';
import { jsonAnswer } from '../http/answer.ts';
import type { Api, Endpoint } from '../http/api.ts';
import { parseLimit, parseRange, parseStepNs, type TimeRange } from '../http/parameters.ts';
import type { LokiRequest } from '../http/request.ts';
import { parseSelector } from '../logql/parse.ts';
import type { Matcher } from '../logql/syntax.ts';
import type { Labels } from '../pipeline/entry.ts';
import { matrixText, vectorResult } from '../query/results.ts';
import { signatureOf, type Series } from '../query/series.ts';
import { STORED_BYTES, wholeKilobytes } from '../query/stored-bytes.ts';
import { aggregate, sourceOf } from '../store/scan.ts';
import type { Stream } from '../store/streams.ts';
import { stepsOf } from '../query/time-steps.ts';

const DEFAULT_LIMIT = 100;

/** Stream, step and bytes. */
type StepBytes = readonly [number, number, number];

/** GET /loki/api/v1/index/volume: bytes by label values over the whole range. */
export const volume: Endpoint = async (api, request) => {
  const range = parseRange(request.parameters, api.now());
  const series = await volumes(api, request, range, range.endNs - range.startNs + 1n, 1);
  return jsonAnswer({ status: 'success', data: vectorResult(series, range.endNs, true) });
};

/** GET /loki/api/v1/index/volume_range: the same for each step. */
export const volumeRange: Endpoint = async (api, request) => {
  const range = parseRange(request.parameters, api.now());
  const stepNs = parseStepNs(request.parameters.get('step'), range);
  const { count } = stepsOf(range, stepNs, api.limits);
  const series = await volumes(api, request, range, stepNs, count);
  const steps = { startNs: range.startNs, stepNs, count };
  return { ...jsonAnswer(null), body: matrixText(series, steps) };
};

async function volumes(
  api: Api,
  request: LokiRequest,
  { startNs, endNs }: TimeRange,
  stepNs: bigint,
  count: number,
): Promise<Series[]> {
  const { parameters } = request;
  const matchers = selectorOf(parameters.get('query') ?? '');
  const limit = parseLimit(parameters.get('limit'), DEFAULT_LIMIT, api.limits.querySeriesMax);
  const rows = await api.slots.run(request.tenants, request.signal, async (context) => {
    const streams = context.store.streams.select(context.tenants, matchers);
    const source = sourceOf(context.store, { streams, fromNs: startNs, toNs: endNs + 1n, conditions: [] });
    if (!source) return [];
    return context.store.read(context.signal, (connection) =>
      aggregate(
        connection,
        source,
        `stream, ((ts - ${startNs}) // ${stepNs})::DOUBLE, sum(${STORED_BYTES})::DOUBLE`,
        'GROUP BY ALL',
      ),
    );
  });
  const group = groupingOf(parameters, matchers);
  const series = new Map<string, { labels: Labels; values: number[] }>();
  const shares = kilobyteShares(rows as unknown as StepBytes[]);
  for (const [id, step, bytes] of rows as unknown as StepBytes[]) {
    for (const labels of group(api.store.streams.byId(id))) {
      const key = signatureOf(labels);
      const known = series.get(key) ?? { labels, values: Array.from({ length: count }, () => 0) };
      series.set(key, known);
      known.values[step] = (known.values[step] ?? 0) + Math.round(bytes * (shares.get(id) ?? 1));
    }
  }
  const total = ({ values }: { values: readonly number[] }): number =>
    values.reduce((sum, value) => sum + value, 0);
  return [...series.values()]
    .toSorted((a, b) => total(b) - total(a))
    .slice(0, limit)
    .map(({ labels, values }) => ({
      labels,
      values: values.map((value) => (value === 0 ? undefined : value)),
    }));
}

const selectorOf = (text: string): readonly Matcher[] =>
  text === '' || text === '{}' ? [] : parseSelector(text);

/** By how much the bytes of each stream grow when its total is taken in whole kilobytes. */
function kilobyteShares(rows: readonly StepBytes[]): Map<number, number> {
  const totals = new Map<number, number>();
  for (const [id, , bytes] of rows) totals.set(id, (totals.get(id) ?? 0) + bytes);
  return new Map([...totals].map(([id, total]) => [id, total === 0 ? 1 : wholeKilobytes(total) / total]));
}

/** Volumes are counted by the target labels, by default those of the selector, or by each label alone. */
function groupingOf(parameters: URLSearchParams, matchers: readonly Matcher[]): (stream: Stream) => Labels[] {
  const aggregateBy = parameters.get('aggregateBy') ?? 'series';
  if (aggregateBy !== 'series' && aggregateBy !== 'labels')
    throw badRequest(`invalid aggregateBy parameter: ${aggregateBy}, send series or labels`);
  const target = (parameters.get('targetLabels') ?? '').split(',').filter((label) => label !== '');
  const names = target.length > 0 ? target : matchers.map(({ name }) => name);
  if (aggregateBy === 'labels')
    return ({ labels }) =>
      Object.keys(labels)
        .filter((name) => target.length === 0 || target.includes(name))
        .map((name) => ({ [name]: '' }));
  return ({ labels }) => {
    const chosen = Object.entries(labels).filter(([name]) => names.length === 0 || names.includes(name));
    return chosen.length === 0 || target.some((name) => !Object.hasOwn(labels, name))
      ? []
      : [Object.fromEntries(chosen)];
  };
}
