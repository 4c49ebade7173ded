import type { Context } from 'hono';
import { AppError } from '../errors.ts';

/**
 * Browsers let any web page open a WebSocket to any address and send its cookies along: a page of another origin is
 * refused here. Programs send no Origin.
 */
export function assertSameOrigin(c: Context): void {
  const origin = c.req.header('origin');
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === c.req.header('host'))) return;
  throw new AppError(
    'invalid_request',
    `A page of ${origin} may not open a stream here. Open it from the service's own address.`,
  );
}
