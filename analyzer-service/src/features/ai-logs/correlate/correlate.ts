import { AppError } from '../../../errors.ts';
import { type AiLogsOptions, withReadContext } from '../read-context.ts';
import { correlateRequest } from './correlate-request.ts';
import { correlateWindow } from './correlate-window.ts';
import type { CorrelateQuery, GraphAnswer, RequestAnswer } from './schema.ts';

/** Follows one request, or draws the graph of services. Throws like withReadContext, and `not_found`. */
export async function correlate(
  options: AiLogsOptions,
  query: CorrelateQuery,
  signal: AbortSignal,
): Promise<RequestAnswer | GraphAnswer> {
  const { correlation_id, trace_id, request_id, limit } = query;
  const ids = Object.entries({ correlation_id, trace_id, request_id }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const [id] = ids;
  if (ids.length > 1)
    throw new AppError(
      'invalid_request',
      `Give one of correlation_id, trace_id and request_id, not ${ids.length}.`,
    );
  return withReadContext<RequestAnswer | GraphAnswer>(options, query, signal, async (context) => {
    const answer = id ? await correlateRequest(context, id, limit) : await correlateWindow(context);
    return { ...answer, took_ms: Math.round(options.clock() - context.startedMs) };
  });
}
