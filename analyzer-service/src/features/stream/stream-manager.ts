import { type LabelNames, selector } from '../../engine/logql/selector.ts';
import { AppError } from '../../errors.ts';
import { Channel, type ChannelOptions } from './channel.ts';
import { ClientQueue, type Outlet, encode } from './client-queue.ts';
import type { StreamFilter } from './schema.ts';

export interface StreamManagerOptions extends ChannelOptions {
  readonly labels: LabelNames;
  readonly clientsMax: number;
  /** Distinct selectors at a time: each is one tail, and Loki allows ten (max_concurrent_tail_requests). */
  readonly tailsMax: number;
  /** Bytes that wait for one client at most. */
  readonly queueBytesMax: number;
}

/** One client of the stream. */
export interface Watcher {
  /** Replaces the filter. Throws `invalid_request` or `too_many_requests`; the old filter stays then. */
  subscribe(filter: StreamFilter): void;
  unsubscribe(): void;
  /** Ends the watcher: nothing is sent to it any more. */
  close(): void;
}

/** All live streams: one tail for each distinct selector, however many clients watch. */
export class StreamManager {
  readonly #options: StreamManagerOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #closing = new Set<Promise<void>>();
  readonly #watchers = new Set<{ readonly end: () => void }>();

  constructor(options: StreamManagerOptions) {
    this.#options = options;
  }

  get clients(): number {
    return this.#watchers.size;
  }

  get tails(): number {
    return this.#channels.size;
  }

  /** Throws `too_many_requests` when nobody more can be served. */
  assertRoom(): void {
    const { clientsMax } = this.#options;
    if (this.#watchers.size < clientsMax) return;
    throw new AppError(
      'too_many_requests',
      `${clientsMax} clients watch already. Try again later, or raise STREAM_CLIENTS_MAX.`,
    );
  }

  /** `onEnd` is called when the service stops. Throws `too_many_requests`. */
  watch(outlet: Outlet, onEnd: () => void): Watcher {
    this.assertRoom();
    const queue = new ClientQueue(outlet, this.#options.queueBytesMax);
    const entry = { end: onEnd };
    this.#watchers.add(entry);
    let stop: (() => void) | null = null;
    const unsubscribe = () => {
      stop?.();
      stop = null;
    };
    return {
      subscribe: (filter) => {
        const next = this.#subscribe(filter, queue);
        unsubscribe();
        stop = next;
      },
      unsubscribe: () => {
        unsubscribe();
        queue.push(encode({ type: 'unsubscribed' }));
      },
      close: () => {
        unsubscribe();
        this.#watchers.delete(entry);
      },
    };
  }

  async close(): Promise<void> {
    for (const { end } of this.#watchers) end();
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    await Promise.all([...channels.map((channel) => channel.close()), ...this.#closing]);
  }

  #subscribe(filter: StreamFilter, queue: ClientQueue): () => void {
    const services = filter.services?.toSorted();
    const query = selector({ services, ids: {} }, this.#options.labels);
    const channel = this.#channels.get(query) ?? this.#open(query);
    try {
      const unsubscribe = channel.subscribe(filter, queue);
      return () => {
        unsubscribe();
        this.#closeUnwatched(query, channel);
      };
    } catch (error) {
      this.#closeUnwatched(query, channel);
      throw error;
    }
  }

  #open(query: string): Channel {
    const { tailsMax } = this.#options;
    if (this.#channels.size >= tailsMax)
      throw new AppError(
        'too_many_requests',
        `${tailsMax} different sets of services are watched already. Watch one of them or all services, or raise STREAM_TAILS_MAX and Loki's max_concurrent_tail_requests.`,
      );
    const channel = new Channel(this.#options, query);
    this.#channels.set(query, channel);
    return channel;
  }

  #closeUnwatched(query: string, channel: Channel): void {
    if (channel.isWatched || this.#channels.get(query) !== channel) return;
    this.#channels.delete(query);
    const closing = channel.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
