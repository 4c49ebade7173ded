import type { WebSocket } from 'ws';
import { endSocket, readMessage, toldAs, watchLife } from '../../http/socket-life.ts';
import { type Outlet, encode } from './client-queue.ts';
import { clientMessageSchema } from './schema.ts';
import type { StreamManager } from './stream-manager.ts';

const CLOSE_TRY_LATER = 1013;
const EXAMPLE = '{"type":"subscribe"}';

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
    const watcher = streams.watch(outlet, () => endSocket(socket));
    watchLife(socket);
    socket.on('close', () => watcher.close());
    socket.on('message', (data: Buffer) => {
      try {
        const message = readMessage(data.toString('utf8'), clientMessageSchema, EXAMPLE);
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
