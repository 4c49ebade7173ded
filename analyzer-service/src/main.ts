import { type ServerType, serve } from '@hono/node-server';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { type Deps, connectDeps } from './deps.ts';
import { AppError } from './errors.ts';

export interface RunningService {
  readonly url: string;
  readonly deps: Deps;
  /** Stops taking requests, finishes those that run, closes what was opened: the start backwards. */
  close(): Promise<void>;
}

/** Starts the service: dependencies, app, listen. Throws AppError with a sentence for the terminal. */
export async function startService(config: Config): Promise<RunningService> {
  const deps = await connectDeps(config);
  try {
    const server = await listen(deps, config);
    const { port } = server.address() as AddressInfo;
    const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST;
    return { url: `http://${host}:${port}`, deps, close: () => stop(server, deps) };
  } catch (error) {
    await deps.close();
    throw error;
  }
}

const WEB_SOCKET_MESSAGE_BYTES_MAX = 65_536;

async function listen(deps: Deps, { HOST, PORT }: Config): Promise<ServerType> {
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: WEB_SOCKET_MESSAGE_BYTES_MAX });
  const server = serve({
    fetch: createApp(deps).fetch,
    hostname: HOST,
    port: PORT,
    websocket: { server: webSockets },
  });
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE'
        ? `Port ${PORT} is taken on ${HOST}. Stop what listens there, or choose another with --port or PORT.`
        : `Cannot listen on ${HOST}:${PORT} (${code}). Choose another address with HOST and PORT.`;
    throw new AppError('invalid_configuration', reason, { cause: error });
  }
}

async function stop(server: ServerType, deps: Deps): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  deps.sockets.close();
  await deps.streams.close();
  if ('closeIdleConnections' in server) server.closeIdleConnections();
  const patience = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 5_000);
  await closed;
  clearTimeout(patience);
  await deps.close();
}
