import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnvironment } from '../../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../../http/error-answers.ts';
import type { AiLogsOptions } from '../read-context.ts';
import { measureWindow } from './measure-window.ts';
import { metricsAnswerSchema, metricsQuerySchema } from './schema.ts';

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'How much is logged, how much of it fails, how long things take',
  description:
    'Lines, errors, rates and latency of a window, by service and over time. The metrics of this service itself, for Prometheus, are at /metrics.',
  request: { query: metricsQuerySchema },
  responses: {
    200: { description: 'The figures', content: { 'application/json': { schema: metricsAnswerSchema } } },
    ...errorAnswers(400, 401, 429, 502, 503, 504),
  },
});

export function metricsRoutes(options: AiLogsOptions): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook }).openapi(metricsRoute, async (c) =>
    c.json(await measureWindow(options, c.req.valid('query'), c.req.raw.signal), 200),
  );
}
