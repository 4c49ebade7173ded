import { on } from 'node:events';
import { WebSocket } from 'ws';
import { AppError } from '../../errors.ts';
import { type LokiConnection, headersFor } from './loki-http.ts';
import { refusal, unreachable } from './loki-failure.ts';
import type { LokiStream } from './read-log-lines.ts';

/** A connection that does not answer a ping within this time is dead. */
const PING_MS = 15_000;
const BATCHES_WAITING_MAX = 200;

interface TailMessage {
  readonly streams?: readonly LokiStream[] | null;
  readonly dropped_entries?: readonly unknown[] | null;
}

/** What `/loki/api/v1/tail` sends from now on; an empty batch first, as soon as it is open. */
export async function* openTail(
  connection: LokiConnection,
  query: string,
  linesMax: number,
  signal: AbortSignal,
): AsyncGenerator<readonly LokiStream[], void> {
  const socket = await connect(connection, query, linesMax, signal);
  const stopPings = watchLife(socket);
  try {
    const messages = on(socket, 'message', {
      signal,
      close: ['close'],
      highWaterMark: BATCHES_WAITING_MAX,
      lowWaterMark: 1,
    });
    yield [];
    for await (const [data] of messages as AsyncIterable<[Buffer]>) {
      const message = parse(data);
      if (message.dropped_entries?.length)
        throw new AppError('loki_busy', 'Loki left lines out of its tail. They are read again.');
      if (message.streams?.length) yield message.streams;
    }
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', 'The tail of Loki was closed.', { cause: error });
    throw error instanceof AppError ? error : unreachable(connection.url, error);
  } finally {
    stopPings();
    socket.terminate();
  }
}

async function connect(
  connection: LokiConnection,
  query: string,
  linesMax: number,
  signal: AbortSignal,
): Promise<WebSocket> {
  signal.throwIfAborted();
  const parameters = new URLSearchParams({
    query,
    limit: `${linesMax}`,
    start: `${Date.now()}000000`,
  });
  const base = connection.url.replace(/\/+$/, '').replace(/^http/, 'ws');
  const socket = new WebSocket(`${base}/loki/api/v1/tail?${parameters.toString()}`, {
    headers: headersFor(connection),
    handshakeTimeout: connection.timeoutMs,
    maxPayload: connection.answerBytesMax,
    perMessageDeflate: false,
    ...(connection.ca ? { ca: connection.ca } : {}),
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = () => socket.terminate();
  signal.addEventListener('abort', giveUp, { once: true });
  socket.on('error', (error) => reject(unreachable(connection.url, error)));
  socket.on('close', () => reject(unreachable(connection.url, new Error('the connection was closed'))));
  socket.on('open', () => resolve());
  socket.on('unexpected-response', (request, response) => {
    let text = '';
    response.on('data', (chunk) => (text = `${text}${String(chunk)}`.slice(0, 1_000)));
    response.on('close', () => {
      const retryAfter = response.headers['retry-after'] ?? null;
      reject(refusal(connection.url, { status: response.statusCode ?? 0, text, retryAfter }));
      request.destroy();
    });
  });
  try {
    await promise;
    return socket;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Pings, and ends the connection when nobody answers. */
function watchLife(socket: WebSocket): () => void {
  let alive = true;
  socket.on('pong', () => (alive = true));
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    return socket.ping();
  }, PING_MS);
  return () => clearInterval(timer);
}

function parse(data: Buffer): TailMessage {
  try {
    return JSON.parse(data.toString('utf8')) as TailMessage;
  } catch (error) {
    throw new AppError('loki_failed', "Loki's tail sent something that is not JSON. Check LOKI_URL.", {
      cause: error,
    });
  }
}
