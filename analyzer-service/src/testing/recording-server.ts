import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: Record<string, unknown>;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Instead of a body in JSON. */
  readonly text?: string;
  readonly headers?: Record<string, string>;
}
/** What a request meets: an answer, a connection that is cut, or none ever. */
export type Behaviour = Reply | 'cut' | 'hang';

/** Stands in for Grafana, Slack and Telegram: keeps what it gets, and answers as the test says. */
export async function recordingServer(
  context: Pick<TestContext, 'after'>,
  behave: (request: Recorded, count: number) => Behaviour,
) {
  const received: Recorded[] = [];
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const recorded = { method, path, authorization: headers.authorization ?? '', body };
    received.push(recorded);
    const behaviour = behave(recorded, received.length);
    if (behaviour === 'cut') request.socket.destroy();
    else if (behaviour !== 'hang') {
      response.writeHead(behaviour.status, { 'content-type': 'application/json', ...behaviour.headers });
      response.end(behaviour.text ?? JSON.stringify(behaviour.body ?? {}));
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}
