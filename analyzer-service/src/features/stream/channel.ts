import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { ErrorRateWatch } from '../../engine/anomalies/error-rate-watch.ts';
import type { PatternSet } from '../../engine/library/pattern-set.ts';
import { type LogLine, isErrorLevel } from '../../engine/log-line.ts';
import { type ClientQueue, encode } from './client-queue.ts';
import { Feed } from './feed.ts';
import { LiveTail, type LiveTailOptions, type SourceState } from './live-tail.ts';
import type { StreamFilter } from './schema.ts';

export interface ChannelOptions extends LiveTailOptions {
  readonly metricsIntervalMs: number;
  /** The library and users' own patterns, as they are now. */
  readonly patterns: () => PatternSet;
}

/** Least time between two messages: lines that arrive meanwhile go out together. */
const FLUSH_MS = 25;
const FLUSH_LINES_MAX = 500;
/** Other work gets its turn when sending took this long. */
const TURN_MS = 20;
const WAITING_LINES_MAX = 2_000;

/** One selector: its only tail, and a feed for each distinct filter of the clients that watch it. */
export class Channel {
  readonly #options: ChannelOptions;
  readonly #tail: LiveTail;
  readonly #feeds = new Map<string, Feed>();
  readonly #errorRates = new ErrorRateWatch();
  readonly #ticks: NodeJS.Timeout;
  #waiting: LogLine[] = [];
  #flush: NodeJS.Timeout | null = null;
  #sentMs = -Infinity;
  #closed = false;
  #state: SourceState = 'connecting';

  constructor(options: ChannelOptions, query: string) {
    this.#options = options;
    this.#ticks = setInterval(() => this.#tick(), options.metricsIntervalMs);
    this.#tail = new LiveTail(options, query, {
      lines: (lines) => this.#take(lines),
      source: (state, message) => {
        this.#state = state;
        for (const feed of this.#feeds.values()) feed.send({ type: 'source', state, message });
      },
      leftOut: (lines) => {
        for (const feed of this.#feeds.values()) feed.send({ type: 'missed', lines, reason: 'long_gap' });
      },
    });
  }

  get isWatched(): boolean {
    return this.#feeds.size > 0;
  }

  /** Patterns that each line is held against. */
  get patterns(): number {
    return [...this.#feeds.values()].reduce((sum, { patterns }) => sum + patterns, 0);
  }

  /** Throws `invalid_request` when the filter cannot be compiled. The function returned ends the subscription. */
  subscribe(filter: StreamFilter, client: ClientQueue): () => void {
    const key = JSON.stringify(filter);
    const feed = this.#feeds.get(key) ?? new Feed(filter, this.#options.clock(), this.#options.patterns);
    this.#feeds.set(key, feed);
    client.push(encode({ type: 'subscribed', filter }));
    client.push(encode({ type: 'source', state: this.#state }));
    feed.add(client);
    return () => {
      feed.remove(client);
      if (!feed.isWatched && this.#feeds.get(key) === feed) this.#feeds.delete(key);
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#ticks);
    if (this.#flush) clearTimeout(this.#flush);
    await this.#tail.close();
  }

  async #take(lines: readonly LogLine[]): Promise<void> {
    for (const { service, level } of lines) this.#errorRates.add(service, isErrorLevel(level));
    this.#waiting.push(...lines);
    this.#flush ??= setTimeout(
      () => void this.#send(),
      Math.max(0, this.#sentMs + FLUSH_MS - performance.now()),
    );
    while (this.#waiting.length > WAITING_LINES_MAX && !this.#closed) await delay(FLUSH_MS);
  }

  async #send(): Promise<void> {
    const batch = this.#waiting.splice(0, FLUSH_LINES_MAX);
    const nowMs = this.#options.clock();
    let turnMs = performance.now();
    this.#sentMs = turnMs;
    for (const feed of this.#feeds.values()) {
      feed.take(batch, nowMs);
      if (performance.now() - turnMs < TURN_MS) continue;
      await nextTurn();
      turnMs = performance.now();
    }
    this.#flush = this.#waiting.length > 0 && !this.#closed ? setTimeout(() => void this.#send(), 1) : null;
  }

  #tick(): void {
    const nowMs = this.#options.clock();
    const changes = this.#errorRates.closeStep();
    for (const feed of this.#feeds.values()) {
      for (const change of changes) feed.tellErrorRate(change);
      feed.tick(nowMs);
    }
  }
}
