import { createMiddleware } from 'hono/factory';
import { isReading } from './access.ts';
import type { AppEnvironment } from './app-environment.ts';

export type RecordChange = (change: {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
}) => Promise<void>;

/** Whatever changes something through the API is written down, without each route having to think of it. */
export function auditChanges(record: RecordChange) {
  return createMiddleware<AppEnvironment>(async (c, next) => {
    await next();
    if (isReading(c.req.method) || c.res.status >= 400) return;
    await record({
      actor: c.get('caller').id,
      action: c.req.method,
      target: c.res.headers.get('location') ?? c.req.path,
    });
  });
}
