import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { AppEnvironment } from './app-environment.ts';

interface FinishedRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Tells `observe` of each request by the pattern of its route; what no route takes is one pattern. */
export function requestMetrics(observe: (request: FinishedRequest) => void) {
  return createMiddleware<AppEnvironment>(async (c, next) => {
    const startedMs = performance.now();
    await next();
    const pattern = routePath(c, -1);
    const route = pattern.endsWith('*') ? 'unmatched' : pattern;
    observe({
      method: c.req.method,
      route,
      status: c.res.status,
      seconds: (performance.now() - startedMs) / 1_000,
    });
  });
}
