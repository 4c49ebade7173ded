import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { requireRole } from '../../http/access.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import type { RingLog } from './ring-log.ts';
import { logQuerySchema, logSchema } from './schema.ts';

const logsRoute = createRoute({
  method: 'get',
  path: '/service/logs',
  summary: "The service's own recent log, newest first",
  description:
    'Takes the role admin. Of this analyzer only, since its start, at most SERVICE_LOG_LINES_MAX lines.',
  middleware: requireRole('admin'),
  request: { query: logQuerySchema },
  responses: {
    200: { description: 'The lines', content: { 'application/json': { schema: logSchema } } },
    ...errorAnswers(400, 401, 403, 429),
  },
});

export function serviceLogRoutes(ring: RingLog): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook }).openapi(logsRoute, (c) =>
    c.json({ entries: [...ring.recent(c.req.valid('query'))] }, 200),
  );
}
