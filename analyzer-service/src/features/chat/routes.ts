import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { AppError } from '../../errors.ts';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import { type SocketAccess, socketRoute } from '../../http/socket-route.ts';
import { answerMessage } from './answer-message.ts';
import { chatConversation } from './chat-conversation.ts';
import { type ChatOptions, listSessions, openMessage, readSession, removeSession } from './chat.ts';
import {
  chatAnswerSchema,
  chatBodySchema,
  chatListQuerySchema,
  chatListSchema,
  chatPathSchema,
  chatReplySchema,
  chatSessionSchema,
} from './schema.ts';

const json = <T>(schema: T) => ({ 'application/json': { schema } });

const sendRoute = createRoute({
  method: 'post',
  path: '/chat',
  summary: 'A message to a model, in a new session or one that goes on',
  description:
    'The session is kept, and the header location names it. Older turns that do not fit are left out and counted. With "stream": true the answer is server-sent events: "session" with its id, "text" for each piece, then "done" or "error".',
  request: { body: { required: true, content: json(chatBodySchema) } },
  responses: {
    200: { description: 'The answer', content: json(chatAnswerSchema) },
    ...errorAnswers(400, 401, 403, 404, 409, 413, 429, 500, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/chat',
  summary: 'Sessions of your key, latest first; of all keys for an admin',
  request: { query: chatListQuerySchema },
  responses: {
    200: { description: 'A page', content: json(chatListSchema) },
    ...errorAnswers(400, 401, 404, 429, 503),
  },
});

const oneRoute = createRoute({
  method: 'get',
  path: '/chat/{id}',
  summary: 'One session with its turns',
  request: { params: chatPathSchema },
  responses: {
    200: { description: 'The session', content: json(chatSessionSchema) },
    ...errorAnswers(400, 401, 404, 429, 500, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/chat/{id}',
  summary: 'Remove a session with all its turns',
  request: { params: chatPathSchema },
  responses: { 204: { description: 'Removed' }, ...errorAnswers(400, 401, 403, 404, 429, 503) },
});

/** A chat over a WebSocket. */
export function chatSocketRoute(options: ChatOptions, access: SocketAccess): OpenAPIHono<AppEnvironment> {
  const description = `\`{"type":"chat","request_id":"1","message":"..."}\` has the fields of POST /api/v1/chat: \`session\` with its id,
\`text\` for each piece and \`done\` follow.`;
  return socketRoute(
    { path: '/chat/socket', summary: 'A chat over a WebSocket', description, answers: chatReplySchema },
    chatConversation(options),
    access,
  );
}

/** Conversations with a model. */
export function chatRoutes(options: ChatOptions): OpenAPIHono<AppEnvironment> {
  const app = new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook });
  app.openapi(sendRoute, async (c) => {
    const body = c.req.valid('json');
    const open = await openMessage(options, body, c.get('caller'));
    c.header('location', `/api/v1/chat/${open.id}`);
    const caller = c.req.raw.signal;
    if (!body.stream) return c.json(await answerMessage(options, open, body, caller), 200);
    return streamSSE(c, async (events) => {
      const gone = new AbortController();
      events.onAbort(() => gone.abort());
      const send = (event: string, data: unknown) => events.writeSSE({ event, data: JSON.stringify(data) });
      try {
        await send('session', { session_id: open.id });
        const signal = AbortSignal.any([caller, gone.signal]);
        const onText = (text: string) => void send('text', { text });
        await send('done', await answerMessage(options, open, body, signal, onText));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        await send('error', { code: error.code, message: error.message });
      }
    }) as never;
  });
  app.openapi(listRoute, async (c) => {
    const { limit, before } = c.req.valid('query');
    return c.json({ sessions: [...(await listSessions(options, c.get('caller'), limit, before))] }, 200);
  });
  app.openapi(oneRoute, async (c) =>
    c.json(await readSession(options, c.req.valid('param').id, c.get('caller')), 200),
  );
  return app.openapi(deleteRoute, async (c) => {
    await removeSession(options, c.req.valid('param').id, c.get('caller'));
    return c.body(null, 204);
  });
}
