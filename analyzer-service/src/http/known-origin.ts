import type { Context } from 'hono';
import { AppError } from '../errors.ts';

/**
 * Browsers let any web page open a WebSocket to any address, and post to it: only pages of this service and of
 * `origins` may. Programs send no Origin.
 */
export function assertKnownOrigin(c: Context, origins: readonly string[]): void {
  const origin = c.req.header('origin');
  if (origin === undefined || origins.includes(origin)) return;
  if (URL.canParse(origin) && new URL(origin).host === c.req.header('host')) return;
  throw new AppError(
    'invalid_request',
    `A page of ${origin} may not call this. Call it from the service's own address, or name the origin in CORS_ORIGINS.`,
  );
}
