import { upgradeWebSocket } from '@hono/node-server';
import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { WebSocket } from 'ws';
import type { AppEnvironment } from '../../http/app-environment.ts';
import { errorAnswers, validationHook } from '../../http/error-answers.ts';
import { assertKnownOrigin } from '../../http/known-origin.ts';
import { serveEventSource } from './event-source-client.ts';
import { serverMessageSchema, streamQuerySchema } from './schema.ts';
import { serveSocket } from './socket-client.ts';
import type { StreamManager } from './stream-manager.ts';

const DESCRIPTION = `Live lines, alerts and metrics. Without an Upgrade header the answer is server-sent events, and the filter
is given as parameters. As a WebSocket, send \`{"type":"subscribe","services":["api"],"severity":["error"]}\`; sent again it
replaces the filter. \`{"type":"unsubscribe"}\` and \`{"type":"ping"}\` are the other messages. Patterns of your own are given as
\`"patterns":[{"name":"out of stock","contains":"out of stock"}]\`, with \`contains\` or \`regex\` (RE2).`;

/** `origins`: whose pages may open a WebSocket besides the service's own. */
export function streamRoutes(
  streams: StreamManager,
  origins: readonly string[],
): OpenAPIHono<AppEnvironment> {
  const upgrade = upgradeWebSocket((c) => {
    assertKnownOrigin(c, origins);
    streams.assertRoom();
    return { onOpen: (_, { raw }) => serveSocket(streams, raw as unknown as WebSocket) };
  });
  const route = createRoute({
    method: 'get',
    path: '/stream',
    summary: 'Live lines, pattern and anomaly alerts, and metrics',
    description: DESCRIPTION,
    middleware: [upgrade] as const,
    request: { query: streamQuerySchema },
    responses: {
      101: { description: 'The connection is a WebSocket now' },
      200: {
        description: 'Server-sent events, each a message',
        content: { 'text/event-stream': { schema: serverMessageSchema } },
      },
      ...errorAnswers(400, 429),
    },
  });
  return new OpenAPIHono<AppEnvironment>({ defaultHook: validationHook }).openapi(route, (c) => {
    const body = serveEventSource(streams, c.req.valid('query'), c.req.raw.signal);
    const headers = {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    return c.body(body, 200, headers) as never;
  });
}
