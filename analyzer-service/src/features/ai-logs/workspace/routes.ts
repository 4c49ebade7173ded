import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnvironment } from '../../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../../http/error-answers.ts';
import type { AiLogsOptions } from '../read-context.ts';
import { workspaceAnswerSchema, workspacePathSchema, workspaceQuerySchema } from './schema.ts';
import { summariseWorkspace } from './summarise-workspace.ts';

const workspaceRoute = createRoute({
  method: 'get',
  path: '/workspace/{id}/summary',
  summary: "A workspace's use of models",
  description:
    'Requests, tokens, cost, errors and latency by model and by day, counted by Loki over every line.',
  request: { params: workspacePathSchema, query: workspaceQuerySchema },
  responses: {
    200: { description: 'The usage', content: { 'application/json': { schema: workspaceAnswerSchema } } },
    ...errorAnswers(400, 401, 404, 429, 502, 503, 504),
  },
});

export function workspaceRoutes(options: AiLogsOptions): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook }).openapi(
    workspaceRoute,
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(await summariseWorkspace(options, id, c.req.valid('query'), c.req.raw.signal), 200);
    },
  );
}
