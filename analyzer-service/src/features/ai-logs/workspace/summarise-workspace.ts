import { listed } from '../../../engine/findings/wording.ts';
import type { CountSeries } from '../../../engine/investigation/exact-counts.ts';
import { type TimeRange, isErrorLevel } from '../../../engine/log-line.ts';
import { AppError } from '../../../errors.ts';
import type { ModelPrices } from '../../../ports.ts';
import { answerQuery } from '../answer-query.ts';
import { countLines, total } from '../count-lines.ts';
import { idNotFound } from '../id-not-found.ts';
import { isoRange, isoTime } from '../iso-time.ts';
import type { AiLogsOptions, ReadContext } from '../read-context.ts';
import { selector } from '../../../engine/logql/selector.ts';
import { lastDay } from '../time-window.ts';
import { writeQueries } from '../write-answer.ts';
import { milliseconds } from '../write-finding.ts';
import { type ModelLatency, type Usage, countUsage, latencyByModel } from './count-usage.ts';
import type { WorkspaceAnswer, WorkspaceQuery } from './schema.ts';
import { findUsageFields } from './usage-fields.ts';
import { addUsages, writeUsage } from './write-usage.ts';

const DAY_MS = 24 * 3_600_000;

interface DayUsage {
  readonly range: TimeRange;
  readonly usage: ReadonlyMap<string, Usage>;
}

/** What a workspace asked of models, by model and by day. Throws like answerQuery, and `not_found`. */
export async function summariseWorkspace(
  options: AiLogsOptions,
  id: string,
  query: WorkspaceQuery,
  signal: AbortSignal,
): Promise<WorkspaceAnswer> {
  return answerQuery(
    options,
    'workspace',
    { ...lastDay(query), workspace_id: id },
    signal,
    async (context) => {
      const counts = await countLines(context, context.window, 'lines of the workspace');
      const lines = total(counts);
      if (lines === 0) throw await idNotFound(context, 'workspace_id', id);
      const [fields, conversations] = await Promise.all([
        findUsageFields(context),
        countConversations(context),
      ]);
      const [days, latency] = fields
        ? await Promise.all([
            Promise.all(
              daysOf(context.window).map(async (range) => ({
                range,
                usage: hasLines(counts, range)
                  ? await countUsage(context, fields, range)
                  : new Map<string, Usage>(),
              })),
            ),
            latencyByModel(context, fields),
          ])
        : [[], new Map<string, ModelLatency>()];
      const error_lines = total(counts.filter(({ level }) => isErrorLevel(level)));
      const usages = writeUsages(options.modelPrices, days, latency);
      return {
        id,
        window: isoRange(context.window),
        summary: describe(usages, error_lines),
        lines,
        error_lines,
        conversations,
        ...usages,
        queries: writeQueries(context),
        warnings: [...context.warnings, ...warningsOf(usages, fields === null, conversations)],
      };
    },
  );
}

type Usages = Pick<WorkspaceAnswer, 'totals' | 'currency' | 'by_model' | 'by_day'>;

function writeUsages(
  prices: ModelPrices,
  days: readonly DayUsage[],
  latency: ReadonlyMap<string, ModelLatency>,
): Usages {
  const byModel = addUsages(days.map(({ usage }) => usage));
  return {
    totals: writeUsage(byModel, prices),
    currency: prices.currency || null,
    by_model: [...byModel]
      .sort(([a, { totalTokens: most }], [b, { totalTokens }]) => totalTokens - most || (a < b ? -1 : 1))
      .map(([model, usage]) => ({
        model,
        ...writeUsage(new Map([[model, usage]]), prices),
        price_known: Object.hasOwn(prices.models, model),
        latency: {
          p50_ms: rounded(latency.get(model)?.p50Ms),
          p95_ms: rounded(latency.get(model)?.p95Ms),
        },
      })),
    by_day: days.map(({ range, usage }) => ({
      day: isoTime(range.startMs).slice(0, 10),
      ...writeUsage(usage, prices),
    })),
  };
}

function rounded(valueMs: number | null | undefined): number | null {
  return valueMs === null || valueMs === undefined ? null : milliseconds(valueMs);
}

function describe({ totals, by_model, currency }: Usages, errorLines: number): string {
  if (by_model.length === 0)
    return `No line of the workspace names a model. ${errorLines.toLocaleString('en')} of its lines are errors.`;
  const models = listed(
    by_model.map(({ model }) => model),
    4,
  );
  const cost = totals.cost === null ? '' : `, ${totals.cost.toFixed(2)} ${currency}`;
  const share = totals.requests > 0 ? ` (${Math.round((totals.failed / totals.requests) * 100)} %)` : '';
  return `${totals.requests.toLocaleString('en')} requests to ${models}: ${totals.tokens.total.toLocaleString('en')} tokens${cost}; ${totals.failed.toLocaleString('en')} failed${share}, ${totals.retries.toLocaleString('en')} retries.`;
}

function warningsOf(
  { by_model }: Usages,
  noModels: boolean,
  conversations: number | null,
): readonly string[] {
  const unpriced = by_model.filter(({ price_known }) => !price_known).map(({ model }) => model);
  const warnings: string[] = [];
  if (noModels)
    warnings.push(
      'No line names a model: log it as `model`, as structured metadata or in JSON or logfmt lines.',
    );
  if (unpriced.length > 0)
    warnings.push(`No price is known of ${listed(unpriced, 10)}: add them to MODEL_PRICES.`);
  if (conversations === null)
    warnings.push('Loki refused to count the conversations: there are too many. Ask for a shorter window.');
  return warnings;
}

async function countConversations(context: ReadContext): Promise<number | null> {
  const { filter, labels, source, window, signal } = context;
  const lines = `${selector(filter, labels)} | conversation_id!=""`;
  const query = `count(sum by (conversation_id) (count_over_time(${lines} [$step])))`;
  const stepMs = window.endMs - window.startMs;
  try {
    const [series] = await source.count('conversations', { query, range: window, stepMs, signal });
    return series?.values[0] ?? 0;
  } catch (error) {
    if (error instanceof AppError && error.code === 'query_rejected') return null;
    throw error;
  }
}

/** The window cut at midnight UTC. */
function daysOf({ startMs, endMs }: TimeRange): readonly TimeRange[] {
  const days: TimeRange[] = [];
  for (let from = startMs; from < endMs; from = days.at(-1)?.endMs ?? endMs) {
    days.push({ startMs: from, endMs: Math.min(endMs, (Math.floor(from / DAY_MS) + 1) * DAY_MS) });
  }
  return days;
}

/** Whether a step of the counts that has lines touches the range: days without any are not asked for. */
function hasLines(counts: readonly CountSeries[], { startMs, endMs }: TimeRange): boolean {
  return counts.some((series) =>
    series.counts.some((count, step) => {
      const stepStartMs = series.startMs + step * series.stepMs;
      return count > 0 && stepStartMs < endMs && stepStartMs + series.stepMs > startMs;
    }),
  );
}
