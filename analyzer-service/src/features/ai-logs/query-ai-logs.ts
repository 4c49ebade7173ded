import type { Cache, Clock, LogSource } from '../../ports.ts';
import { AppError } from '../../errors.ts';
import { type KeepOptions, keepAnswerMs, questionOf } from './keep-answer.ts';
import { audit } from './modes/audit.ts';
import { conversation } from './modes/conversation.ts';
import { errors } from './modes/errors.ts';
import { performance } from './modes/performance.ts';
import { troubleshoot } from './modes/troubleshoot.ts';
import type { ModeContext } from './mode-context.ts';
import { recordedSource } from './recorded-source.ts';
import type { AiLogsAnswer, AiLogsQuery } from './schema.ts';
import { type LabelNames, type LineFilter, selector } from '../../engine/logql/selector.ts';
import { type TimeWindow, timeWindow } from './time-window.ts';
import { type ModeResult, writeAnswer } from './write-answer.ts';

export interface QueryAiLogsOptions {
  readonly logs: LogSource;
  readonly cache: Cache;
  readonly keep: KeepOptions;
  readonly clock: Clock;
  readonly labels: LabelNames;
  readonly requestIdFields: readonly string[];
  readonly linesReadMax: number;
  readonly windowHoursMax: number;
  readonly answerTimeoutMs: number;
}

const MODES: Record<AiLogsQuery['mode'], (context: ModeContext) => Promise<ModeResult>> = {
  troubleshoot,
  performance,
  errors,
  audit,
  conversation,
};

/** Runs one mode. Throws AppError: `invalid_request`, `loki_*`, `query_rejected`, `cancelled`. */
export async function queryAiLogs(
  options: QueryAiLogsOptions,
  query: AiLogsQuery,
  signal: AbortSignal,
): Promise<AiLogsAnswer> {
  const startedMs = options.clock();
  const times = timeWindow(query, startedMs, options.windowHoursMax);
  const { value, cached } = await options.cache.remember(
    questionOf(query, times.window),
    signal,
    async (shared) => {
      const answer = await computeAnswer(options, query, times, shared);
      return { value: answer, keepMs: keepAnswerMs(times.window, answer.warnings, startedMs, options.keep) };
    },
  );
  return { ...value, cached, took_ms: Math.round(options.clock() - startedMs) };
}

async function computeAnswer(
  options: QueryAiLogsOptions,
  query: AiLogsQuery,
  times: TimeWindow,
  signal: AbortSignal,
): Promise<Omit<AiLogsAnswer, 'cached' | 'took_ms'>> {
  const context: ModeContext = {
    ...times,
    query,
    filter: lineFilter(query),
    labels: options.labels,
    requestIdFields: options.requestIdFields,
    source: recordedSource(options.logs, options.clock),
    linesReadMax: options.linesReadMax,
    signal: AbortSignal.any([signal, AbortSignal.timeout(options.answerTimeoutMs)]),
  };
  const result = await within(options.answerTimeoutMs, signal, async () => {
    await guardCost(options.logs, context);
    return MODES[query.mode](context);
  });
  const unknown = await unknownServices(options.logs, query, result, context);
  return writeAnswer(context, { ...result, warnings: [...result.warnings, ...unknown] });
}

/** Counting reads every line of the services: a window that is too large is refused before. */
async function guardCost(
  logs: LogSource,
  { filter, labels, window, baseline, signal }: ModeContext,
): Promise<void> {
  const query = selector({ services: filter.services, ids: {} }, labels);
  const ranges = baseline ? [window, baseline] : [window];
  await Promise.all(ranges.map((range) => logs.guardCost({ query, range, signal })));
}

function lineFilter(query: AiLogsQuery): LineFilter {
  const { services, severity, search, correlation_id, conversation_id, workspace_id } = query;
  const ids = Object.entries({ correlation_id, conversation_id, workspace_id }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { services, levels: severity, search, ids: Object.fromEntries(ids) };
}

/** A name that nobody logs under is a typing error more often than a silent service: the answer says which exist. */
async function unknownServices(
  logs: LogSource,
  { services }: AiLogsQuery,
  { counts, baselineCounts }: ModeResult,
  { window, baseline, signal }: ModeContext,
): Promise<string[]> {
  const seen = new Set([...counts, ...baselineCounts].map(({ service }) => service));
  const missing = (services ?? []).filter((service) => !seen.has(service));
  if (missing.length === 0) return [];
  const existing = await logs.services(
    { startMs: (baseline ?? window).startMs, endMs: window.endMs },
    signal,
  );
  const gone = missing.filter((service) => !existing.includes(service));
  if (gone.length === 0) return [];
  const names = existing.length > 0 ? existing.slice(0, 30).join(', ') : 'none';
  return [`No lines of ${gone.join(', ')} in the window or its baseline. Services that wrote: ${names}.`];
}

async function within<T>(timeoutMs: number, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError && error.code === 'cancelled' && !signal.aborted) {
      throw new AppError(
        'loki_timeout',
        `No answer within ${timeoutMs} ms. Ask for a shorter window or fewer services, or raise ANSWER_TIMEOUT_MS.`,
        { cause: error },
      );
    }
    throw error;
  }
}
