/** Every way in which the service says no. A code is part of the API: clients branch on it. */
export type ErrorCode =
  | 'invalid_configuration'
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'too_many_requests'
  | 'query_rejected'
  | 'query_too_large'
  | 'database_unreachable'
  | 'cache_unreachable'
  | 'loki_unreachable'
  | 'loki_timeout'
  | 'loki_busy'
  | 'loki_denied'
  | 'loki_failed'
  | 'model_unavailable'
  | 'cancelled'
  | 'internal';

/** An error that a user may read: `message` is one or two sentences and ends with what to do next. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** In so many seconds another try may succeed; null where nothing can be said. */
  readonly retryAfterS: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { readonly retryAfterS?: number | undefined } = {},
  ) {
    super(message, options);
    this.retryAfterS = options.retryAfterS ?? null;
    this.name = 'AppError';
    this.code = code;
  }
}
