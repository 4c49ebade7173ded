import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { type CheckHealthOptions, checkHealth } from './check-health.ts';
import { healthSchema } from './schema.ts';

const healthAnswer = { content: { 'application/json': { schema: healthSchema } } };

const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  security: [],
  summary: 'Whether the service and what it needs are there',
  responses: {
    200: { description: 'All that the service needs is there', ...healthAnswer },
    503: { description: 'Something that the service needs is not there', ...healthAnswer },
  },
});

export function healthRoutes(options: CheckHealthOptions): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>().openapi(healthRoute, async (c) => {
    const health = await checkHealth(options);
    const { loki, database } = health.dependencies;
    // Without its cache the service is slower, not out of order.
    return c.json(health, loki.status === 'up' && database.status === 'up' ? 200 : 503);
  });
}
