import { AppError, type ErrorCode } from '../../errors.ts';

/** A failure that may pass, so that the same question is worth asking again. */
export class PassingFailure extends AppError {
  /** How long Loki asked to wait before that; 0 when it did not say. */
  readonly retryAfterMs: number;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(code, message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

/** What an answer with an error status means. Statuses: https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
export function refusal(
  url: string,
  answer: { readonly status: number; readonly text: string; readonly retryAfter: string | null },
): AppError {
  const { status } = answer;
  const said = answer.text.replace(/\s+/g, ' ').trim().slice(0, 400);
  const where = `Loki at ${url}`;
  if (status === 401 || status === 403)
    return new AppError(
      'loki_denied',
      `${where} refused the credentials (${status}). Check LOKI_TOKEN, LOKI_USERNAME, LOKI_PASSWORD and LOKI_TENANT.`,
    );
  const retryAfterMs = readRetryAfter(answer.retryAfter);
  if (status === 429)
    return new PassingFailure(
      'loki_busy',
      `${where} is over its limits: ${said}. Try again ${retryAfterMs > 0 ? `in ${Math.ceil(retryAfterMs / 1_000)} s` : 'in a moment'}, or ask for a shorter time range.`,
      { retryAfterMs },
    );
  if (status >= 400 && status < 500)
    return new AppError(
      'query_rejected',
      `${where} rejected the query: ${said || `status ${status}`}. Narrow the time range or add services=….`,
    );
  return new PassingFailure(
    'loki_failed',
    `${where} failed with status ${status}: ${said || 'no message'}. Look at Loki's own log.`,
    { retryAfterMs },
  );
}

/** What an answer that is not JSON means: cut off, it may be whole the next time; a web page stays one. */
export function unreadable(url: string, text: string, cause: unknown): AppError {
  return text.trimStart().startsWith('{')
    ? new PassingFailure('loki_failed', `The answer of Loki at ${url} was cut off. Try again.`, { cause })
    : new AppError('loki_failed', `${url} answered with something that is not Loki's JSON. Check LOKI_URL.`, {
        cause,
      });
}

export function unreachable(url: string, error: unknown): PassingFailure {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return new PassingFailure(
    'loki_unreachable',
    `Loki at ${url} cannot be reached (${reason}). Check that it runs and that LOKI_URL is right.`,
    { cause: error },
  );
}

/** Seconds or an HTTP date, in milliseconds from now. */
function readRetryAfter(header: string | null): number {
  if (!header) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
