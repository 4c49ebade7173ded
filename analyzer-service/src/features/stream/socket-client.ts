import type { WebSocket } from 'ws';
import { AppError } from '../../errors.ts';
import { type Outlet, encode } from './client-queue.ts';
import { clientMessageSchema } from './schema.ts';
import type { StreamManager } from './stream-manager.ts';

const PING_MS = 20_000;
/** Messages between two pings; a client that sends more is cut off. */
const MESSAGES_MAX = 100;
const CLOSE_GOING_AWAY = 1001;
const CLOSE_POLICY = 1008;
const CLOSE_TRY_LATER = 1013;

/** Serves one WebSocket until it closes. */
export function serveSocket(streams: StreamManager, socket: WebSocket): void {
  const outlet: Outlet = {
    waitingBytes: () => socket.bufferedAmount,
    send: ({ json }) => {
      if (socket.readyState === socket.OPEN) socket.send(json, { binary: false });
    },
  };
  const tell = (error: unknown) => outlet.send(encode({ type: 'error', ...toldAs(error) }));
  try {
    const watcher = streams.watch(outlet, () => end(socket));
    const stopPings = watchLife(socket);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      stopPings();
      watcher.close();
    });
    socket.on('message', (data: Buffer) => {
      try {
        const message = readMessage(data);
        if (message.type === 'ping') outlet.send(encode({ type: 'pong' }));
        else if (message.type === 'unsubscribe') watcher.unsubscribe();
        else {
          const { type: _, ...filter } = message;
          watcher.subscribe(filter);
        }
      } catch (error) {
        tell(error);
      }
    });
  } catch (error) {
    tell(error);
    socket.close(CLOSE_TRY_LATER);
  }
}

function readMessage(data: Buffer) {
  let json: unknown;
  try {
    json = JSON.parse(data.toString('utf8'));
  } catch (error) {
    throw new AppError('invalid_request', 'A message must be JSON, for example {"type":"subscribe"}.', {
      cause: error,
    });
  }
  const parsed = clientMessageSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  throw new AppError('invalid_request', `${problems.join('; ')}. The messages are described at /docs.`);
}

function toldAs(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return { code: 'internal', message: 'Something went wrong in the service. Subscribe again.' };
}

/** Ends a socket politely, and soon even when its client does not answer. */
function end(socket: WebSocket): void {
  socket.close(CLOSE_GOING_AWAY, 'the service is stopping');
  setTimeout(() => socket.terminate(), 1_000).unref();
}

/** A client that does not answer pings is gone or never reads; one that sends without end is cut off. */
function watchLife(socket: WebSocket): () => void {
  let alive = true;
  let messages = 0;
  socket.on('pong', () => (alive = true));
  socket.on('message', () => {
    alive = true;
    if (++messages > MESSAGES_MAX) socket.close(CLOSE_POLICY, 'too many messages');
  });
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    messages = 0;
    return socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}
