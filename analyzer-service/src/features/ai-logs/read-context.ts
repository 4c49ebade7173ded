import { AppError } from '../../errors.ts';
import type { Cache, Clock, LogSource, ModelPrices } from '../../ports.ts';
import type { TimeRange } from '../../engine/log-line.ts';
import type { PatternSet } from '../../engine/library/pattern-set.ts';
import type { History } from './learn/history.ts';
import { fitWindow } from './fit-window.ts';
import type { KeepOptions } from './keep-answer.ts';
import { locateIds } from './locate-ids.ts';
import type { FilterQuery, WindowQuery } from './parameters/schema.ts';
import { type RecordedSource, recordedSource } from './recorded-source.ts';
import { type LabelNames, type LineFilter, selector } from '../../engine/logql/selector.ts';
import type { TimeWindow } from './time-window.ts';

export interface AiLogsOptions {
  readonly logs: LogSource;
  readonly cache: Cache;
  readonly keep: KeepOptions;
  readonly clock: Clock;
  readonly labels: LabelNames;
  readonly requestIdFields: readonly string[];
  readonly modelPrices: ModelPrices;
  /** The patterns as they are now. */
  readonly patterns: () => PatternSet;
  readonly history: History;
  readonly linesReadMax: number;
  readonly windowHoursMax: number;
  readonly answerTimeoutMs: number;
}

/** What an answer is made from: which lines, of when, where to read them, and how much. */
export interface ReadContext extends TimeWindow {
  readonly filter: LineFilter;
  readonly labels: LabelNames;
  /** Fields that say which request a line belongs to, best first. */
  readonly requestIdFields: readonly string[];
  readonly source: RecordedSource;
  /** Readings that are going on, for other answers that need the same. */
  readonly cache: Pick<Cache, 'share'>;
  readonly patterns: PatternSet;
  /** What the background job learned. */
  readonly history: History;
  readonly linesReadMax: number;
  readonly signal: AbortSignal;
  /** What the reader of the answer has to know about how it was read. */
  readonly warnings: readonly string[];
}

/** Runs `answer` with the lines that a query is about, within the time limit of one answer. */
export async function withReadContext<T>(
  options: AiLogsOptions,
  query: FilterQuery & WindowQuery,
  times: TimeWindow,
  signal: AbortSignal,
  answer: (context: ReadContext) => Promise<T>,
): Promise<T> {
  const { logs, clock, labels, requestIdFields, linesReadMax, answerTimeoutMs } = options;
  const asked: ReadContext = {
    ...times,
    filter: lineFilter(query),
    labels,
    requestIdFields,
    source: recordedSource(logs, clock),
    cache: options.cache,
    patterns: options.patterns(),
    history: options.history,
    linesReadMax,
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    warnings: [],
  };
  return within(answerTimeoutMs, signal, async () => {
    const fitted = await fitWindow(query, times, options.windowHoursMax, (ranges) =>
      guardCost(logs, asked, ranges),
    );
    return answer(await locateIds({ ...asked, ...fitted.times, warnings: fitted.warnings }));
  });
}

/** Counting reads every line of the services. Throws `query_too_large`. */
async function guardCost(
  logs: LogSource,
  { filter, labels, signal }: ReadContext,
  ranges: readonly TimeRange[],
): Promise<void> {
  const query = selector({ services: filter.services, ids: {} }, labels);
  await Promise.all(ranges.map((range) => logs.guardCost({ query, range, signal })));
}

function lineFilter(query: FilterQuery): LineFilter {
  const { services, severity, search, correlation_id, trace_id, request_id, conversation_id, workspace_id } =
    query;
  const ids = Object.entries({ correlation_id, trace_id, request_id, conversation_id, workspace_id }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { services, levels: severity, search, ids: Object.fromEntries(ids) };
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
