import { createMiddleware } from 'hono/factory';
import { AppError } from '../errors.ts';

/** Refuses more requests than can be worked on at once, so that a burst costs answers and not the service. */
export function limitRequestsAtOnce(requestsMax: number) {
  let running = 0;
  return createMiddleware(async (c, next) => {
    if (running >= requestsMax) {
      c.header('retry-after', '2');
      throw new AppError(
        'too_many_requests',
        `${running} requests are being answered already. Try again in two seconds.`,
      );
    }
    running++;
    try {
      await next();
    } finally {
      running--;
    }
  });
}
