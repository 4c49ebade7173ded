import { type Level, type TimeRange, parseLevel } from '../../../engine/log-line.ts';
import type { ReadContext } from '../read-context.ts';
import { levelFilter, selector } from '../../../engine/logql/selector.ts';
import type { UsageFields } from './usage-fields.ts';

/** What one model did in one range. */
export interface Usage {
  readonly answered: number;
  readonly failed: number;
  readonly retries: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** At least the sum of the other two. */
  readonly totalTokens: number;
}

export interface ModelLatency {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** Calls and tokens by model, counted by Loki over every line of the range. */
export async function countUsage(
  context: ReadContext,
  fields: UsageFields,
  range: TimeRange,
): Promise<ReadonlyMap<string, Usage>> {
  const lines = modelLines(context, fields);
  const sum = (purpose: string, name: string | null) =>
    name === null
      ? new Map<string, number>()
      : countBy(context, range, {
          purpose,
          by: [fields.model],
          aggregation: `sum_over_time(${lines} | unwrap ${name} | __error__="" [$step])`,
        });
  const [calls, total, input, output] = await Promise.all([
    countBy(context, range, {
      purpose: 'calls of models by how they ended',
      by: [fields.model, context.labels.level],
      aggregation: `count_over_time(${lines}${endOfCall(context, fields)} [$step])`,
    }),
    sum('tokens', fields.total),
    sum('tokens of prompts', fields.input),
    sum('tokens of answers', fields.output),
  ]);
  const outcome = (model: string, levels: readonly Level[]) =>
    [...calls].reduce((all, [key, lines]) => {
      const [of, level = ''] = key.split('\n');
      return of === model && levels.includes(parseLevel(level)) ? all + lines : all;
    }, 0);
  const models = new Set([...calls.keys(), ...total.keys()].map((key) => key.split('\n')[0] ?? ''));
  return new Map(
    [...models].map((model) => {
      const inputTokens = input.get(model) ?? 0;
      const outputTokens = output.get(model) ?? 0;
      const usage = {
        answered: outcome(model, ['trace', 'debug', 'info', 'unknown']),
        failed: outcome(model, ['error', 'fatal']),
        retries: outcome(model, ['warn']),
        inputTokens,
        outputTokens,
        totalTokens: Math.max(total.get(model) ?? 0, inputTokens + outputTokens),
      };
      return [model, usage];
    }),
  );
}

/** Quantiles of the latency that lines state, by model over the whole window. */
export async function latencyByModel(
  context: ReadContext,
  fields: UsageFields,
): Promise<ReadonlyMap<string, ModelLatency>> {
  const { latency } = fields;
  if (latency === null) return new Map();
  const { window, source, signal } = context;
  const unwrap = latency.unit === 'text' ? `duration(${latency.name})` : latency.name;
  const scale = latency.unit === 'text' ? 1_000 : 1;
  const quantile = async (share: number) => {
    const query = `quantile_over_time(${share}, ${modelLines(context, fields)} | unwrap ${unwrap} | __error__="" [$step]) by (${fields.model})`;
    const stepMs = window.endMs - window.startMs;
    const series = await source.count(`p${share * 100} of latency by model`, {
      query,
      range: window,
      stepMs,
      signal,
    });
    return new Map(
      series.map(({ labels, values }) => [labels[fields.model] ?? '', (values[0] ?? 0) * scale]),
    );
  };
  const [p50, p95] = await Promise.all([quantile(0.5), quantile(0.95)]);
  return new Map(
    [...p50.keys()].map((model) => [model, { p50Ms: p50.get(model) ?? null, p95Ms: p95.get(model) ?? null }]),
  );
}

/** An answer names tokens or a latency; lines that only mention a model end no call, unless they are complaints. */
function endOfCall({ labels }: ReadContext, { total, input, output, latency }: UsageFields): string {
  const told = [total, input, output, latency?.name].filter((name) => typeof name === 'string');
  if (told.length === 0) return '';
  return ` ${levelFilter(['warn', 'error', 'fatal'], labels)} or ${told.map((name) => `${name}!=""`).join(' or ')}`;
}

function modelLines({ filter, labels }: ReadContext, { services, parser, model }: UsageFields): string {
  return `${selector({ ...filter, services }, labels)}${parser} | ${model}!=""`;
}

interface Figure {
  readonly purpose: string;
  readonly by: readonly string[];
  readonly aggregation: string;
}

/** One figure of the whole range by the values of the labels, which stand one a line in the keys. */
async function countBy(
  { source, signal }: ReadContext,
  range: TimeRange,
  { purpose, by, aggregation }: Figure,
): Promise<ReadonlyMap<string, number>> {
  const query = `sum by (${by.join(', ')}) (${aggregation})`;
  const stepMs = range.endMs - range.startMs;
  const series = await source.count(purpose, { query, range, stepMs, signal });
  return new Map(
    series.map(({ labels, values }) => [by.map((name) => labels[name] ?? '').join('\n'), values[0] ?? 0]),
  );
}
