import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { type CheckHealthOptions, checkHealth } from './check-health.ts';
import { aliveSchema, healthSchema, readySchema } from './schema.ts';

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

const liveRoute = createRoute({
  method: 'get',
  path: '/health/live',
  security: [],
  summary: 'Whether the process answers: an orchestrator restarts it when not',
  responses: {
    200: { description: 'It does', content: { 'application/json': { schema: aliveSchema } } },
  },
});

const readyAnswer = { content: { 'application/json': { schema: readySchema } } };

const readyRoute = createRoute({
  method: 'get',
  path: '/health/ready',
  security: [],
  summary: 'Whether requests may be sent here: an orchestrator waits when not',
  responses: {
    200: { description: 'Loki and the database are there', ...readyAnswer },
    503: { description: 'What is missing, and why', ...readyAnswer },
  },
});

export function healthRoutes(options: CheckHealthOptions): OpenAPIHono<AppEnvironment> {
  const routes = new OpenAPIHono<AppEnvironment>();
  routes.openapi(liveRoute, (c) => c.json({ status: 'ok' as const }, 200));
  routes.openapi(readyRoute, async (c) => {
    const { dependencies } = await checkHealth(options);
    const missing = (['loki', 'database'] as const).flatMap((name) =>
      dependencies[name].status === 'up' ? [] : [{ name, message: dependencies[name].message ?? '' }],
    );
    return c.json({ ready: missing.length === 0, missing }, missing.length === 0 ? 200 : 503);
  });
  return routes.openapi(healthRoute, async (c) => {
    const health = await checkHealth(options);
    const { loki, database } = health.dependencies;
    // Without its cache the service is slower, not out of order.
    return c.json(health, loki.status === 'up' && database.status === 'up' ? 200 : 503);
  });
}
