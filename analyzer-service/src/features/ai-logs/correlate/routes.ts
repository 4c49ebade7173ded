import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnvironment } from '../../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../../http/error-answers.ts';
import type { AiLogsOptions } from '../read-context.ts';
import { correlate } from './correlate.ts';
import { correlateAnswerSchema, correlateQuerySchema } from './schema.ts';

const correlateRoute = createRoute({
  method: 'get',
  path: '/correlate',
  summary: 'One request across services, or who calls whom',
  description:
    'With correlation_id, trace_id or request_id: the path of that request, its timing, its bottleneck, where it broke and what to do. Without an id: the graph of services of the window, from its requests.',
  request: { query: correlateQuerySchema },
  responses: {
    200: {
      description: 'The request, or the graph',
      content: { 'application/json': { schema: correlateAnswerSchema } },
    },
    ...errorAnswers(400, 401, 404, 429, 502, 503, 504),
  },
});

export function correlateRoutes(options: AiLogsOptions): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook }).openapi(correlateRoute, async (c) =>
    c.json(await correlate(options, c.req.valid('query'), c.req.raw.signal), 200),
  );
}
