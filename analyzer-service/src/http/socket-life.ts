import type { WebSocket } from 'ws';
import type { z } from 'zod';
import { AppError } from '../errors.ts';

export const CLOSE_POLICY = 1008;
const CLOSE_GOING_AWAY = 1001;
const PING_MS = 20_000;
/** Messages between two pings; a client that sends more is cut off. */
const MESSAGES_MAX = 100;
const GOODBYE_MS = 1_000;

/** A client that does not answer pings is gone or never reads; one that sends without end is cut off. Ends with the socket. */
export function watchLife(socket: WebSocket): void {
  let alive = true;
  let messages = 0;
  socket.on('pong', () => (alive = true));
  socket.on('message', () => {
    alive = true;
    if (++messages > MESSAGES_MAX) socket.close(CLOSE_POLICY, 'too many messages');
  });
  socket.on('error', () => socket.terminate());
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    messages = 0;
    return socket.ping();
  }, PING_MS);
  socket.on('close', () => clearInterval(timer));
}

/** Ends a socket politely, and soon even when its client does not answer. */
export function endSocket(socket: WebSocket): void {
  socket.close(CLOSE_GOING_AWAY, 'the service is stopping');
  setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
}

/** What a client sent. Throws `invalid_request`, which shows `example` to one that sends no JSON. */
export function readMessage<Message>(text: string, schema: z.ZodType<Message>, example: string): Message {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid_request', `A message must be JSON, for example ${example}.`, {
      cause: error,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  throw new AppError('invalid_request', `${problems.join('; ')}. The messages are described at /docs.`);
}

/** An error as a client is told of it: nothing of what was not foreseen. */
export function toldAs(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return {
    code: 'internal',
    message: 'Something went wrong in the service. Try again; its log says more.',
  };
}
