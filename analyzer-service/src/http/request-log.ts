import { createMiddleware } from 'hono/factory';
import type { Logger } from 'pino';
import type { AppEnvironment } from './app-environment.ts';

/** One line a request: never its parameters, which may hold what users search for. */
export function requestLog(log: Logger) {
  return createMiddleware<AppEnvironment>(async (c, next) => {
    const startedMs = performance.now();
    await next();
    const tookMs = Math.round(performance.now() - startedMs);
    log.info(
      { requestId: c.get('requestId'), method: c.req.method, path: c.req.path, status: c.res.status, tookMs },
      'request',
    );
  });
}
