import { isFetchError } from '@grafana/runtime';

/** Why the analyzer gave no answer, in words that end with what to do. */
export class ApiError extends Error {
  /** The analyzer's own code, or `analyzer_unreachable`, `analyzer_failed`, `cancelled`. */
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(code: string, message: string, requestId?: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.requestId = requestId;
  }
}

/** Grafana's proxy answers in its own shape when it cannot reach the analyzer: 502 and 504 with no code of ours. */
export function explainFailure(error: unknown): ApiError {
  if (error instanceof ApiError) {
    return error;
  }
  if (!isFetchError(error)) {
    return unreachable(error instanceof Error ? error.message : '');
  }
  if (error.cancelled) {
    return new ApiError('cancelled', 'The request was cancelled.');
  }
  const told = readError(error.data);
  if (told) {
    return new ApiError(told.code, told.message, told.requestId);
  }
  if (error.status === 401) {
    return new ApiError(
      'unauthorized',
      'The analyzer does not know the key. Enter a valid one on the configuration page; "sonde keys create" makes one.',
    );
  }
  if (error.status === 404) {
    return new ApiError(
      'analyzer_failed',
      'Something answers at the address of the analyzer, but it is no analyzer. Check the address on the configuration page.',
    );
  }
  if ([0, 502, 503, 504].includes(error.status) || !error.status) {
    return unreachable(error.statusText ?? '');
  }
  return new ApiError(
    'analyzer_failed',
    `The analyzer answered with ${error.status} ${error.statusText ?? ''}. Its log says more.`,
  );
}

function unreachable(reason: string): ApiError {
  return new ApiError(
    'analyzer_unreachable',
    `The analyzer cannot be reached${reason ? ` (${reason})` : ''}. Start it, or check its address on the configuration page.`,
  );
}

function readError(data: unknown): { code: string; message: string; requestId?: string } | null {
  const error = (data as { error?: unknown } | null)?.error;
  if (typeof error !== 'object' || error === null) {
    return null;
  }
  const { code, message, requestId } = error as Record<string, unknown>;
  if (typeof code !== 'string' || typeof message !== 'string') {
    return null;
  }
  return { code, message, ...(typeof requestId === 'string' ? { requestId } : {}) };
}
