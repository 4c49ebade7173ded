import { keepAnswerMs, questionOf } from './keep-answer.ts';
import type { FilterQuery, WindowQuery } from './parameters/schema.ts';
import { type AiLogsOptions, type ReadContext, withReadContext } from './read-context.ts';
import { timeWindow } from './time-window.ts';

/**
 * The kept answer to the same question, or a new one from `answer`. `endpoint` tells questions of one endpoint from
 * those of another. Throws AppError: `invalid_request`, `loki_*`, `query_rejected`, `cancelled`, and what `answer`
 * throws.
 */
export async function answerQuery<Answer extends { readonly warnings: readonly string[] }>(
  options: AiLogsOptions,
  endpoint: string,
  query: WindowQuery & FilterQuery,
  signal: AbortSignal,
  answer: (context: ReadContext) => Promise<Answer>,
): Promise<Answer & { cached: boolean; took_ms: number }> {
  const startedMs = options.clock();
  const times = timeWindow(query, startedMs, options.windowHoursMax);
  const { value, cached } = await options.cache.remember(
    questionOf(endpoint, query, times.window, options.patterns().version),
    signal,
    async (shared) => {
      const computed = await withReadContext(options, query, times, shared, answer);
      return {
        value: computed,
        keepMs: keepAnswerMs(times.window, computed.warnings, startedMs, options.keep),
      };
    },
  );
  return { ...value, cached, took_ms: Math.round(options.clock() - startedMs) };
}
