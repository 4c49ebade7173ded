import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BodyReader } from './http/body-reader.ts';
import { handle } from './http/handle.ts';
import { Metrics } from './http/metrics.ts';
import { acceptTails } from './http/tail.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { Deletions } from './query/deletions.ts';
import { QuerySlots } from './query/query-slots.ts';
import { StatsRanges } from './query/stats-ranges.ts';
import { Slots } from './slots.ts';
import { applyRetention } from './store/retention.ts';
import { Store } from './store/store.ts';

export type EmbeddedLokiOptions = Partial<Limits> & {
  readonly dataDir: string;
  /** 0 takes a free port. */
  readonly port?: number;
  readonly host?: string;
};

export type EmbeddedLoki = {
  readonly url: string;
  /** What was repaired when the data folder was opened, one sentence each. */
  readonly repairs: readonly string[];
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
    pushSlots: new Slots(limits.concurrentPushesMax, limits.queuedPushesMax),
    statsRanges: new StatsRanges(),
    deletions: new Deletions(),
    metrics: new Metrics(),
    bodies: new BodyReader(limits),
    now: Date.now,
  };
  const retention = keepRetention(store, limits);
  const server = createServer((message, response) => void handle(api, message, response));
  server.keepAliveTimeout = 65_000;
  const tails = acceptTails(server, api);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (cause) {
    clearInterval(retention);
    await store.close();
    throw listeningError(host, port, cause);
  }
  const { port: bound } = server.address() as AddressInfo;
  return {
    repairs: store.segments.repairs,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: async () => {
      tails.close();
      clearInterval(retention);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 2000).unref();
      await closed;
      await store.close();
    },
  };
}

const RETENTION_INTERVAL_MS = 60_000;

/** Removes old lines at the start and then every minute; what fails now is tried again then. */
function keepRetention(store: Store, limits: Limits): NodeJS.Timeout {
  let applying: Promise<void> = Promise.resolve();
  const apply = (): void => {
    applying = applying.then(() => applyRetention(store, limits, Date.now())).catch(() => undefined);
  };
  apply();
  return setInterval(apply, RETENTION_INTERVAL_MS).unref();
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
