import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handle } from './http/handle.ts';
import { Metrics } from './http/metrics.ts';
import { acceptTails } from './http/tail.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { Deletions } from './query/deletions.ts';
import { QuerySlots } from './query/query-slots.ts';
import { StatsRanges } from './query/stats-ranges.ts';
import { Store } from './store/store.ts';

export type EmbeddedLokiOptions = Partial<Limits> & {
  readonly dataDir: string;
  /** 0 takes a free port. */
  readonly port?: number;
  readonly host?: string;
};

export type EmbeddedLoki = {
  readonly url: string;
  close(): Promise<void>;
};

/** Starts a store on a data folder and serves Loki's HTTP API; throws one clear sentence when it cannot. */
export async function startEmbeddedLoki(options: EmbeddedLokiOptions): Promise<EmbeddedLoki> {
  const { dataDir, port = 0, host = '127.0.0.1', ...overrides } = options;
  const limits: Limits = { ...DEFAULT_LIMITS, ...overrides };
  const store = await Store.open({ dataDir, ...limits });
  const api = {
    store,
    limits,
    slots: new QuerySlots(store, limits),
    statsRanges: new StatsRanges(),
    deletions: new Deletions(),
    metrics: new Metrics(),
    now: Date.now,
  };
  const server = createServer((message, response) => void handle(api, message, response));
  server.keepAliveTimeout = 65_000;
  const tails = acceptTails(server, api);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (cause) {
    await store.close();
    throw listeningError(host, port, cause);
  }
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: async () => {
      tails.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 2000).unref();
      await closed;
      await store.close();
    },
  };
}

function listeningError(host: string, port: number, cause: unknown): Error {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE')
    return new Error(
      `port ${port} on ${host} is taken: stop what listens there or choose another port with --port`,
      { cause },
    );
  return new Error(`cannot listen on ${host}:${port}: ${(cause as Error).message}`, { cause });
}
