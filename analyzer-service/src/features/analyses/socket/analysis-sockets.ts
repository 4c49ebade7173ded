import type { WebSocket } from 'ws';
import { AppError } from '../../../errors.ts';
import type { Caller } from '../../../http/access.ts';
import { type SessionOptions, SocketSession } from './socket-session.ts';

const CLOSE_GOING_AWAY = 1001;
const CLOSE_POLICY = 1008;
const PING_MS = 20_000;
/** Messages between two pings; a client that sends more is cut off. */
const MESSAGES_MAX = 100;
/** Bytes that a client has not taken; one that never reads is cut off. */
const WAITING_BYTES_MAX = 32 << 20;

export interface SocketLimits {
  readonly clientsMax: number;
  /** Within this time a client says who it is. */
  readonly signInMs: number;
}

/** All WebSockets of analyses. */
export class AnalysisSockets {
  readonly #options: SessionOptions & SocketLimits;
  readonly #sockets = new Set<WebSocket>();

  constructor(options: SessionOptions & SocketLimits) {
    this.#options = options;
  }

  get clients(): number {
    return this.#sockets.size;
  }

  /** Throws `too_many_requests`. */
  assertRoom(): void {
    const { clientsMax } = this.#options;
    if (this.#sockets.size < clientsMax) return;
    throw new AppError(
      'too_many_requests',
      `${clientsMax} clients are connected already. Try again later, or raise STREAM_CLIENTS_MAX.`,
    );
  }

  /** Serves one socket until it closes. `caller` is null as long as nobody said who it is. */
  serve(socket: WebSocket, caller: Caller | null): void {
    this.#sockets.add(socket);
    const session = new SocketSession(this.#options, caller, (message) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > WAITING_BYTES_MAX) return socket.terminate();
      socket.send(JSON.stringify(message));
    });
    const signIn = setTimeout(() => {
      if (!session.isKnown) socket.close(CLOSE_POLICY, 'nobody said who this is');
    }, this.#options.signInMs);
    const stopWatching = watchLife(socket);
    socket.on('message', (data: Buffer) => void session.take(data.toString('utf8')));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(signIn);
      stopWatching();
      session.close();
      this.#sockets.delete(socket);
    });
  }

  /** Ends all sockets politely, and soon also those whose clients do not answer. */
  close(): void {
    for (const socket of this.#sockets) {
      socket.close(CLOSE_GOING_AWAY, 'the service is stopping');
      setTimeout(() => socket.terminate(), 1_000).unref();
    }
  }
}

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
