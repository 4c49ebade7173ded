import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import { modelHealth, modelMetrics, modelUsage, type ModelUseOptions } from './model-use.ts';
import { modelHealthSchema, modelMetricsSchema, usageQuerySchema, usageSchema } from './schema.ts';

const json = <T>(schema: T) => ({ 'application/json': { schema } });

const usageRoute = createRoute({
  method: 'get',
  path: '/usage',
  summary: 'Requests and tokens of your key by day and model; of all keys for an admin',
  request: { query: usageQuerySchema },
  responses: {
    200: { description: 'The counts, latest day first', content: json(usageSchema) },
    ...errorAnswers(400, 401, 403, 429, 503),
  },
});

const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether the models are there: their states and queues',
  description: 'Asks no model. GET /api/v1/ai_logs/health tells about all that the service needs.',
  responses: {
    200: { description: 'They are, or none is configured', content: json(modelHealthSchema) },
    503: { description: 'All models of a purpose failed lately', content: json(modelHealthSchema) },
    ...errorAnswers(401, 429),
  },
});

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'What each model did since the start of this process',
  description: 'GET /api/v1/usage tells what each caller had them do; GET /metrics is for Prometheus.',
  responses: {
    200: { description: 'The figures', content: json(modelMetricsSchema) },
    ...errorAnswers(401, 429),
  },
});

/** What models do, and for whom. */
export function modelUseRoutes(options: ModelUseOptions): OpenAPIHono<AppEnvironment> {
  const app = new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook });
  app.openapi(usageRoute, async (c) =>
    c.json(await modelUsage(options, c.req.valid('query'), c.get('caller')), 200),
  );
  app.openapi(healthRoute, async (c) => {
    const health = await modelHealth(options);
    return c.json(health, health.status === 'degraded' ? 503 : 200);
  });
  return app.openapi(metricsRoute, (c) => c.json(modelMetrics(options), 200));
}
