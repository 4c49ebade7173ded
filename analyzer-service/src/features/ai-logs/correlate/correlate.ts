import { AppError } from '../../../errors.ts';
import { answerQuery } from '../answer-query.ts';
import type { AiLogsOptions } from '../read-context.ts';
import { correlateRequest } from './correlate-request.ts';
import { correlateWindow } from './correlate-window.ts';
import type { CorrelateQuery, GraphAnswer, RequestAnswer } from './schema.ts';

/** Follows one request, or draws the graph of services. Throws like answerQuery, and `not_found`. */
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
  return answerQuery<Unkept<RequestAnswer> | Unkept<GraphAnswer>>(
    options,
    'correlate',
    query,
    signal,
    (context) => (id ? correlateRequest(context, id, limit) : correlateWindow(context)),
  );
}

type Unkept<Answer> = Omit<Answer, 'cached' | 'took_ms'>;
