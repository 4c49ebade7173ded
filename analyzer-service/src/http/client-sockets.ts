import type { WebSocket } from 'ws';
import { AppError } from '../errors.ts';
import type { Caller } from './access.ts';
import { CLOSE_POLICY, endSocket, watchLife } from './socket-life.ts';
import type { SocketMessage } from './socket-messages.ts';
import { type Conversation, type SessionOptions, SocketSession } from './socket-session.ts';

/** Bytes that a client has not taken; one that never reads is cut off. */
const WAITING_BYTES_MAX = 32 << 20;

export interface SocketLimits {
  readonly clientsMax: number;
  /** Within this time a client says who it is. */
  readonly signInMs: number;
}

/** All WebSockets on which clients ask and are answered; those of live lines have their own. */
export class ClientSockets {
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
  serve<Message extends SocketMessage>(
    socket: WebSocket,
    caller: Caller | null,
    conversation: Conversation<Message>,
  ): void {
    this.#sockets.add(socket);
    const session = new SocketSession(this.#options, conversation, caller, (message) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > WAITING_BYTES_MAX) return socket.terminate();
      socket.send(JSON.stringify(message));
    });
    const signIn = setTimeout(() => {
      if (!session.isKnown) socket.close(CLOSE_POLICY, 'nobody said who this is');
    }, this.#options.signInMs);
    watchLife(socket);
    socket.on('message', (data: Buffer) => void session.take(data.toString('utf8')));
    socket.on('close', () => {
      clearTimeout(signIn);
      session.close();
      this.#sockets.delete(socket);
    });
  }

  /** Ends all sockets politely, and soon also those whose clients do not answer. */
  close(): void {
    for (const socket of this.#sockets) endSocket(socket);
  }
}
