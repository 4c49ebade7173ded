import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface FakeLoki {
  readonly url: string;
  /** The questions so far, oldest first. */
  readonly asked: readonly URL[];
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
}

/** An HTTP server that answers as the test says: for what no real Loki does on demand. */
export async function fakeLoki(
  context: Pick<TestContext, 'after'>,
  answer: (url: URL, response: ServerResponse, request: IncomingMessage) => void,
): Promise<FakeLoki> {
  const asked: URL[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    asked.push(url);
    answer(url, response, request);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, sockets };
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
