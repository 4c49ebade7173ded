import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnvironment } from '../../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../../http/error-answers.ts';
import type { AiLogsOptions } from '../read-context.ts';
import { analyze } from './analyze.ts';
import { analyzeAnswerSchema, analyzeQuerySchema } from './schema.ts';

const analyzeRoute = createRoute({
  method: 'get',
  path: '/analyze',
  summary: 'The patterns of a window and what is unusual about them',
  description:
    'Which wordings the lines have, how often, since when, and what differs from the baseline. The counts of patterns and their rest add up to the exact number of lines.',
  request: { query: analyzeQuerySchema },
  responses: {
    200: { description: 'The patterns', content: { 'application/json': { schema: analyzeAnswerSchema } } },
    ...errorAnswers(400, 401, 429, 502, 503, 504),
  },
});

export function analyzeRoutes(options: AiLogsOptions): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook }).openapi(analyzeRoute, async (c) =>
    c.json(await analyze(options, c.req.valid('query'), c.req.raw.signal), 200),
  );
}
