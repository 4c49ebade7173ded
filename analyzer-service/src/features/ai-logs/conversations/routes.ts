import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnvironment } from '../../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../../http/error-answers.ts';
import type { AiLogsOptions } from '../read-context.ts';
import { readConversation } from './read-conversation.ts';
import { conversationAnswerSchema, conversationPathSchema, conversationQuerySchema } from './schema.ts';

const conversationRoute = createRoute({
  method: 'get',
  path: '/conversations/{id}',
  summary: 'The turns of a conversation with models, in order',
  description: 'Each turn with its models, tokens, latency and errors, and the totals of the conversation.',
  request: { params: conversationPathSchema, query: conversationQuerySchema },
  responses: {
    200: {
      description: 'The conversation',
      content: { 'application/json': { schema: conversationAnswerSchema } },
    },
    ...errorAnswers(400, 401, 404, 429, 502, 503, 504),
  },
});

export function conversationRoutes(options: AiLogsOptions): OpenAPIHono<AppEnvironment> {
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook }).openapi(
    conversationRoute,
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(await readConversation(options, id, c.req.valid('query'), c.req.raw.signal), 200);
    },
  );
}
