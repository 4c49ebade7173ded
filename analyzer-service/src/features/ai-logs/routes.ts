import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { analyzeRoutes } from './analyze/routes.ts';
import { conversationRoutes } from './conversations/routes.ts';
import { correlateRoutes } from './correlate/routes.ts';
import { workspaceRoutes } from './workspace/routes.ts';
import { writeAgentText } from './formats/agent-format.ts';
import { writeText } from './formats/text-format.ts';
import { metricsRoutes } from './metrics/routes.ts';
import { queryAiLogs } from './query-ai-logs.ts';
import type { AiLogsOptions } from './read-context.ts';
import { answerSchema, querySchema } from './schema.ts';

const queryRoute = createRoute({
  method: 'get',
  path: '/query',
  summary: 'What broke, since when, where it started, and the lines that prove it',
  description:
    'Compares a window of logs with a baseline and answers with ranked findings, suspects, exact counts, and the queries that it ran.',
  request: { query: querySchema },
  responses: {
    200: {
      description: 'The answer',
      content: {
        'application/json': { schema: answerSchema },
        'text/plain': { schema: z.string().openapi({ description: 'With format=text and format=agent' }) },
      },
    },
    ...errorAnswers(400, 401, 429, 502, 503, 504),
  },
});

export function aiLogsRoutes(options: AiLogsOptions): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook })
    .openapi(queryRoute, async (c) => {
      const { format, max_tokens, ...query } = c.req.valid('query');
      const answer = await queryAiLogs(options, query, c.req.raw.signal);
      if (format === 'text') return c.text(writeText(answer), 200);
      if (format === 'agent') return c.text(writeAgentText(answer, max_tokens), 200);
      return c.json(answer, 200);
    })
    .route('/', correlateRoutes(options))
    .route('/', analyzeRoutes(options))
    .route('/', conversationRoutes(options))
    .route('/', workspaceRoutes(options))
    .route('/', metricsRoutes(options));
}
