import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { LokiError } from '../errors.ts';
import { TailClients } from '../query/tail-clients.ts';
import type { Api } from './api.ts';
import { tenantsOf } from './request.ts';

/** GET /loki/api/v1/tail: WebSocket upgrades on the same port. */
export function acceptTails(server: Server, api: Api): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 });
  const clients = new TailClients(api);
  server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(message.url ?? '/', 'http://localhost');
    try {
      if (url.pathname !== '/loki/api/v1/tail') throw new LokiError(404, '404 page not found');
      const tail = clients.prepare(url.searchParams, tenantsOf(message));
      sockets.handleUpgrade(message, socket, head, (client) => void clients.serve(client, tail));
    } catch (error) {
      const status = error instanceof LokiError ? error.status : 500;
      const reason = error instanceof Error ? error.message : String(error);
      socket.end(
        `HTTP/1.1 ${status} Error\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(reason)}\r\nConnection: close\r\n\r\n${reason}`,
      );
    }
  });
  return {
    close: () => {
      clients.close();
      for (const client of sockets.clients) client.close(1001, 'the store is stopping');
      sockets.close();
    },
  };
}
