import type { WebSocket } from 'ws';
import { LokiError } from '../errors.ts';
import type { Api } from '../http/api.ts';
import { parseLimit, parseTimeNs } from '../http/parameters.ts';
import { compileMatcher } from '../filters/matcher.ts';
import { parseLogQuery } from '../logql/parse.ts';
import type { LogQuery } from '../logql/syntax.ts';
import { Entry } from '../pipeline/entry.ts';
import { compilePipeline } from '../pipeline/pipeline.ts';
import type { Stream } from '../store/streams.ts';
import { isNewer } from '../store/time-spans.ts';
import type { NewLines } from '../store/writer.ts';
import { runLogQuery, type FoundLine } from './log-query.ts';
import { groupLines } from './results.ts';
import { categorise, StoredLabels } from './stored-labels.ts';

type Tail = {
  readonly query: LogQuery;
  readonly tenants: readonly string[];
  readonly limit: number;
  readonly startNs: bigint;
};

type Client = Tail & {
  readonly socket: WebSocket;
  readonly matches: (stream: Stream) => boolean;
  readonly keeps: (entry: Entry) => boolean;
};

const WAITING_BYTES_MAX = 16 * 1024 * 1024;
const DEFAULT_LIMIT = 100;
const HOUR_MS = 3_600_000;

/** Sends newly stored lines to the clients whose query they match. */
export class TailClients {
  readonly #api: Api;
  readonly #clients = new Set<Client>();
  readonly #storedLabels: StoredLabels;
  readonly #stop: () => void;

  constructor(api: Api) {
    this.#api = api;
    this.#storedLabels = new StoredLabels(api.store.streams);
    this.#stop = api.store.onCommitted((lines) => this.#publish(lines));
  }

  prepare(parameters: URLSearchParams, tenants: readonly string[]): Tail {
    if (this.#clients.size >= this.#api.limits.tailClientsMax)
      throw new LokiError(
        429,
        `max concurrent tail requests limit exceeded (${this.#api.limits.tailClientsMax})`,
      );
    const start = parameters.get('start');
    return {
      query: parseLogQuery(parameters.get('query') ?? ''),
      tenants,
      limit: parseLimit(parameters.get('limit'), DEFAULT_LIMIT, this.#api.limits.entriesPerQueryMax),
      startNs: start ? parseTimeNs(start, 'start') : BigInt(this.#api.now() - HOUR_MS) * 1_000_000n,
    };
  }

  /** Stored lines come first; what is stored meanwhile waits, so that each line is sent once and in order. */
  async serve(socket: WebSocket, tail: Tail): Promise<void> {
    const client: Client = {
      ...tail,
      socket,
      matches: streamTest(tail),
      keeps: compilePipeline(tail.query.stages),
    };
    const gone = new AbortController();
    socket.on('close', () => {
      this.#clients.delete(client);
      gone.abort();
    });
    socket.on('error', () => socket.terminate());
    try {
      await this.#sendStored(client, gone.signal);
    } catch (error) {
      if (!gone.signal.aborted)
        socket.close(1011, (error instanceof Error ? error.message : String(error)).slice(0, 120));
    }
  }

  close(): void {
    this.#stop();
    this.#clients.clear();
  }

  async #sendStored(client: Client, signal: AbortSignal): Promise<void> {
    const waiting: NewLines[] = [];
    const stopWaiting = this.#api.store.onCommitted((lines) => waiting.push(lines));
    try {
      const { query, startNs, limit } = client;
      const toNs = (BigInt(this.#api.now() + this.#api.limits.creationGraceMs) + 1n) * 1_000_000n;
      const range = { fromNs: startNs, toNs, limit, direction: 'backward' as const };
      const seen = waiting.length;
      const found = await this.#api.slots.run(client.tenants, signal, (context) =>
        runLogQuery(context, query, range),
      );
      this.#send(client, found.toReversed());
      const sent = new Set(found.map(keyOf));
      for (const lines of waiting.slice(seen))
        this.#send(
          client,
          this.#matching(client, lines).filter((line) => !sent.has(keyOf(line))),
        );
    } finally {
      stopWaiting();
    }
    this.#clients.add(client);
  }

  #publish(lines: NewLines): void {
    for (const client of this.#clients) this.#send(client, this.#matching(client, lines));
  }

  #matching(
    { matches, keeps }: Client,
    { streams, timestamps, lines, metadata, levels }: NewLines,
  ): FoundLine[] {
    const found: FoundLine[] = [];
    const entry = new Entry();
    const decided = new Map<Stream, boolean>();
    for (const [index, stream] of streams.entries()) {
      let isMatch = decided.get(stream);
      if (isMatch === undefined) {
        isMatch = matches(stream);
        decided.set(stream, isMatch);
      }
      if (!isMatch) continue;
      const line = {
        stream: stream.id,
        time: timestamps[index] ?? '0',
        text: lines[index] ?? '',
        metadata: metadata[index] ?? '',
        level: levels[index] ?? '',
      };
      if (keeps(this.#storedLabels.reset(entry, line)))
        found.push({ timestamp: entry.timestamp, line: entry.line, labels: categorise(entry) });
    }
    return found.toSorted((a, b) =>
      isNewer(b.timestamp, a.timestamp) ? -1 : isNewer(a.timestamp, b.timestamp) ? 1 : 0,
    );
  }

  #send({ socket }: Client, found: readonly FoundLine[]): void {
    if (found.length === 0 || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > WAITING_BYTES_MAX) {
      socket.close(1013, 'the client reads too slowly');
      return;
    }
    socket.send(JSON.stringify({ streams: groupLines(found) }));
  }
}

const keyOf = ({ timestamp, line, labels }: FoundLine): string =>
  `${timestamp} ${JSON.stringify(labels.stream)} ${line}`;

function streamTest({ query, tenants }: Tail): (stream: Stream) => boolean {
  const tests = query.matchers.map((matcher) => ({ name: matcher.name, test: compileMatcher(matcher) }));
  return ({ tenant, labels }) =>
    tenants.includes(tenant) &&
    tests.every(({ name, test }) => test(Object.hasOwn(labels, name) ? (labels[name] ?? '') : ''));
}
