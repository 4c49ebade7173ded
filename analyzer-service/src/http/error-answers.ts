import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { AppError, type ErrorCode } from '../errors.ts';
import type { AppEnvironment } from './app-environment.ts';
import { issueSentence } from './issue-sentence.ts';

/** The one shape of every error answer. */
const errorSchema = z
  .object({ error: z.object({ code: z.string(), message: z.string(), requestId: z.string() }) })
  .openapi('Error', {
    example: {
      error: {
        code: 'invalid_request',
        message: 'time_range: must look like 15m, 1h or 7d.',
        requestId: '5f1c0a',
      },
    },
  });

const STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  invalid_configuration: 500,
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  method_not_allowed: 405,
  body_too_large: 413,
  too_many_requests: 429,
  query_rejected: 400,
  query_too_large: 400,
  database_unreachable: 503,
  cache_unreachable: 503,
  loki_unreachable: 502,
  loki_timeout: 504,
  loki_busy: 503,
  loki_denied: 502,
  loki_failed: 502,
  model_unavailable: 503,
  cancelled: 499 as ContentfulStatusCode,
  internal: 500,
};

/** Error responses for an OpenAPI route. */
export function errorAnswers<S extends number>(...statuses: readonly S[]) {
  const answer = {
    description: 'An error: what went wrong and what to do',
    content: { 'application/json': { schema: errorSchema } },
  };
  return Object.fromEntries(statuses.map((status) => [status, answer])) as Record<S, typeof answer>;
}

/** Every error ends here. What nobody foresaw is logged whole and told without its stack. */
export function answerError(
  error: Error,
  c: Context<AppEnvironment>,
  logUnforeseen: (error: Error) => void,
): Response {
  const known = error instanceof HTTPException ? fromHono(error) : error;
  if (known instanceof AppError) {
    if (known.retryAfterS) c.header('retry-after', String(known.retryAfterS));
    return writeError(c, known.code, known.message);
  }
  logUnforeseen(error);
  return writeError(
    c,
    'internal',
    `Something went wrong in the service. Look for request ${c.get('requestId')} in its log.`,
  );
}

const openAiErrorSchema = z
  .object({
    error: z.object({ message: z.string(), type: z.string(), param: z.null(), code: z.string() }),
  })
  .openapi('OpenAiError', {
    example: {
      error: {
        message: 'There is no model gpt. GET /api/v1/models lists them.',
        type: 'invalid_request_error',
        param: null,
        code: 'model_not_found',
      },
    },
  });

/** What clients of OpenAI's protocol know by another name. */
const OPENAI_CODES: Partial<Record<ErrorCode, string>> = {
  unauthorized: 'invalid_api_key',
  too_many_requests: 'rate_limit_exceeded',
  not_found: 'model_not_found',
};

/** The same for routes that speak OpenAI's protocol. */
export function openAiErrorAnswers<S extends number>(...statuses: readonly S[]) {
  const answer = {
    description: "An error in the shape of OpenAI's protocol",
    content: { 'application/json': { schema: openAiErrorSchema } },
  };
  return Object.fromEntries(statuses.map((status) => [status, answer])) as Record<S, typeof answer>;
}

export function openAiErrorOf(code: ErrorCode, message: string): z.infer<typeof openAiErrorSchema> {
  const status = STATUS[code];
  const type = status === 429 ? 'rate_limit_error' : status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { message, type, param: null, code: OPENAI_CODES[code] ?? code } };
}

export function writeError(c: Context<AppEnvironment>, code: ErrorCode, message: string): Response {
  if (c.req.path.startsWith('/v1/')) return c.json(openAiErrorOf(code, message), STATUS[code]);
  return c.json({ error: { code, message, requestId: c.get('requestId') } }, STATUS[code]);
}

interface ValidationResult {
  readonly success: boolean;
  readonly error?: { readonly issues: readonly z.core.$ZodIssue[] };
}

const PROBLEMS_MAX = 10;

/** Zod's issues as one sentence. */
export function validationHook(result: ValidationResult): void {
  if (result.success || !result.error) return;
  const problems = result.error.issues.slice(0, PROBLEMS_MAX).map(issueSentence);
  throw new AppError('invalid_request', `${problems.join('; ')}. The parameters are described at /docs.`);
}

function fromHono(error: HTTPException): AppError {
  const code =
    error.status === 413 ? 'body_too_large' : error.status === 404 ? 'not_found' : 'invalid_request';
  return new AppError(
    code,
    `${error.message || 'The request could not be read'}. The API is described at /docs.`,
    { cause: error },
  );
}
