import { setTimeout as delay } from 'node:timers/promises';
import type { LogLine, TimeRange } from '../../engine/log-line.ts';
import type { Clock, LogSource } from '../../ports.ts';
import { SeenLines } from './seen-lines.ts';
import type { ServerMessage } from './schema.ts';

export type SourceState = Extract<ServerMessage, { type: 'source' }>['state'];

export interface TailEvents {
  /** New lines, each once. Resolves when more may come. */
  lines(lines: readonly LogLine[]): Promise<void>;
  source(state: SourceState, message?: string): void;
  /** Lines of a gap that were left out because it was too long. */
  leftOut(lines: number): void;
}

export interface LiveTailOptions {
  readonly logs: LogSource;
  readonly clock: Clock;
  /** Lines of one gap that are read at most. */
  readonly gapLinesMax: number;
}

/** Small pages, so that clients can take a gap one by one. */
const GAP_PAGE_LINES = 500;
const SEEN_LINES_MAX = 50_000;
/** Lines may be stored this much later than they say: a gap is read from so long before it began. */
const LATENESS_MS = 120_000;
const BACK_OFF_MS = { first: 250, longest: 30_000 };
/** A tail that was open for so long was no failure when it ends. */
const STABLE_MS = 10_000;

/** One tail of Loki for one selector: connects again when it breaks, and reads what it missed meanwhile. */
export class LiveTail {
  readonly #options: LiveTailOptions;
  readonly #query: string;
  readonly #events: TailEvents;
  readonly #stopped = new AbortController();
  readonly #seen = new SeenLines(SEEN_LINES_MAX);
  readonly #running: Promise<void>;
  /** Where the gap began that is not read yet. */
  #gapFromMs: number | null = null;

  constructor(options: LiveTailOptions, query: string, events: TailEvents) {
    this.#options = options;
    this.#query = query;
    this.#events = events;
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    const { clock } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      const startedMs = clock();
      const reason = await this.#followOnce(signal);
      if (signal.aborted) return;
      this.#events.source('reconnecting', reason);
      failures = clock() - startedMs > STABLE_MS ? 0 : failures + 1;
      await delay(backOffMs(failures), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Follows one connection to its end and says why it ended. */
  async #followOnce(signal: AbortSignal): Promise<string> {
    let isOpen = false;
    try {
      for await (const lines of this.#options.logs.tail({ query: this.#query, signal })) {
        if (!isOpen) {
          isOpen = true;
          await this.#fillGap(signal);
          this.#events.source('live');
        }
        await this.#deliver(lines);
      }
      return 'Loki closed the tail.';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      if (isOpen) this.#gapFromMs ??= this.#options.clock();
    }
  }

  async #fillGap(signal: AbortSignal): Promise<void> {
    if (this.#gapFromMs === null) return;
    const startMs = Math.max(this.#gapFromMs - LATENESS_MS, this.#seen.horizonMs);
    const range = { startMs, endMs: this.#options.clock() + LATENESS_MS };
    this.#events.source('catching_up');
    const counted = await this.#count(range, signal);
    let read = 0;
    let delivered = 0;
    const request = { query: this.#query, range, pageLines: GAP_PAGE_LINES, signal };
    for await (const page of this.#options.logs.readPages(request)) {
      read += page.length;
      delivered += await this.#deliver(page);
      if (delivered < this.#options.gapLinesMax) continue;
      if (counted > read) this.#events.leftOut(counted - read);
      break;
    }
    this.#gapFromMs = null;
  }

  async #count(range: TimeRange, signal: AbortSignal): Promise<number> {
    const query = `sum(count_over_time(${this.#query} [$step]))`;
    const stepMs = range.endMs - range.startMs;
    const [series] = await this.#options.logs.countOverTime({ query, range, stepMs, signal });
    return series?.values[0] ?? 0;
  }

  async #deliver(lines: readonly LogLine[]): Promise<number> {
    const fresh = this.#seen.take(lines);
    if (fresh.length > 0) await this.#events.lines(fresh);
    return fresh.length;
  }
}

function backOffMs(failures: number): number {
  const longest = Math.min(BACK_OFF_MS.longest, BACK_OFF_MS.first * 2 ** Math.min(failures, 10));
  return longest * (0.5 + Math.random() / 2);
}
