import { upgradeWebSocket } from '@hono/node-server';
import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { WebSocket } from 'ws';
import type { z } from 'zod';
import { AppError } from '../errors.ts';
import { type AccessOptions, callerOfSocket } from './access.ts';
import type { AppEnvironment } from './app-environment.ts';
import type { ClientSockets } from './client-sockets.ts';
import { errorAnswers } from './error-answers.ts';
import { assertKnownOrigin } from './known-origin.ts';
import type { SocketMessage } from './socket-messages.ts';
import type { Conversation } from './socket-session.ts';

export interface SocketAccess {
  readonly sockets: ClientSockets;
  readonly access: AccessOptions;
  /** Whose pages may open a WebSocket besides the service's own. */
  readonly origins: readonly string[];
}

export interface SocketDescription {
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** What the service says. */
  readonly answers: z.ZodType;
}

const SIGN_IN = `Send \`{"type":"authentication","api_key":"..."}\` first (not needed without keys, or with the key in a header).`;
const REST = `\`{"type":"ping"}\` and \`{"type":"cancel","request_id":"1"}\` are understood too. Up to four requests are answered at a time. A message has at most 64 KiB.`;

/** A WebSocket on which `conversation` is had. */
export function socketRoute<Message extends SocketMessage>(
  { path, summary, description, answers }: SocketDescription,
  conversation: Conversation<Message>,
  { sockets, access, origins }: SocketAccess,
): OpenAPIHono<AppEnvironment> {
  const upgrade = upgradeWebSocket((c) => {
    assertKnownOrigin(c, origins);
    sockets.assertRoom();
    const caller = callerOfSocket(access, c);
    return { onOpen: (_, { raw }) => sockets.serve(raw as unknown as WebSocket, caller, conversation) };
  });
  const route = createRoute({
    method: 'get',
    path,
    summary,
    description: `${SIGN_IN} ${description} ${REST}`,
    middleware: [upgrade] as const,
    responses: {
      101: {
        description: 'The connection is a WebSocket now',
        content: { 'application/json': { schema: answers } },
      },
      ...errorAnswers(400, 429),
    },
  });
  return new OpenAPIHono<AppEnvironment>().openapi(route, () => {
    throw new AppError(
      'invalid_request',
      'This takes a WebSocket. Ask with an Upgrade header; /docs describes the same over HTTP.',
    );
  });
}
