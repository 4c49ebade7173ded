import type { ServerMessage, StreamLine } from '../../../../analyzer-service/src/contract.ts';
import type { LiveConnection } from '../../shared/api';

export interface LiveLine extends StreamLine {
  /** Grows by one a line; a key that stays when older lines go. */
  readonly key: number;
}

export type LiveAlert = Extract<ServerMessage, { type: 'alert' }> & { readonly key: number };
export type LiveMetrics = Extract<ServerMessage, { type: 'metrics' }>;
export type LiveState = Extract<ServerMessage, { type: 'source' }>['state'] | 'refused' | 'lost';

/** What the page shows; a new object only when something changed, at most one a frame. */
export interface LiveSnapshot {
  readonly lines: readonly LiveLine[];
  readonly state: LiveState;
  /** What the analyzer says of the connection, or why it refused. */
  readonly message: string | null;
  /** Lines that this client did not get. */
  readonly missed: number;
  /** Lines that came and were let go, because the page keeps so many. */
  readonly forgotten: number;
  readonly alerts: readonly LiveAlert[];
  readonly metrics: LiveMetrics | null;
}

/** A line takes about a kilobyte of the page's memory. */
export const LINES_KEPT_MAX = 20_000;
/** Lines go in blocks, so that letting go costs next to nothing for each new line. */
const FORGET_AT_ONCE = 1_000;
const ALERTS_KEPT_MAX = 50;

const EMPTY: LiveSnapshot = {
  lines: [],
  state: 'connecting',
  message: null,
  missed: 0,
  forgotten: 0,
  alerts: [],
  metrics: null,
};

/** One live stream: opened with `connect`, closed with `close`, read through `subscribe` and `snapshot`. */
export class LiveFeed {
  readonly #connect: (onMessage: (message: ServerMessage) => void, onLost: () => void) => LiveConnection;
  readonly #listeners = new Set<() => void>();
  #connection: LiveConnection | null = null;
  #lines: LiveLine[] = [];
  #next = 0;
  #snapshot = EMPTY;
  #changes: Partial<LiveSnapshot> = {};
  #newLines = false;
  #frame: number | null = null;

  constructor(connect: (onMessage: (message: ServerMessage) => void, onLost: () => void) => LiveConnection) {
    this.#connect = connect;
  }

  readonly snapshot = (): LiveSnapshot => this.#snapshot;

  /** The first listener opens the connection, the last one to go closes it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#connection ??= this.#connect(
      (message) => this.#take(message),
      () => this.#change({ state: 'lost' }),
    );
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.close();
      }
    };
  };

  close(): void {
    this.#connection?.close();
    this.#connection = null;
    if (this.#frame !== null) {
      cancelAnimationFrame(this.#frame);
    }
    this.#frame = null;
  }

  #take(message: ServerMessage): void {
    const last = { ...this.#snapshot, ...this.#changes };
    switch (message.type) {
      case 'lines':
        this.#addLines(message.lines, last.forgotten);
        break;
      case 'source':
        this.#change({ state: message.state, message: message.message ?? null });
        break;
      case 'missed':
        this.#change({ missed: last.missed + message.lines });
        break;
      case 'alert':
        this.#change({
          alerts: [{ ...message, key: this.#next++ }, ...last.alerts].slice(0, ALERTS_KEPT_MAX),
        });
        break;
      case 'metrics':
        this.#change({ metrics: message });
        break;
      case 'error':
        this.#change({ state: 'refused', message: message.message });
        break;
      default:
        break;
    }
  }

  #addLines(lines: readonly StreamLine[], forgotten: number): void {
    for (const line of lines) {
      this.#lines.push({ ...line, key: this.#next++ });
    }
    const tooMany = this.#lines.length - LINES_KEPT_MAX;
    if (tooMany > 0) {
      const gone = Math.max(tooMany, FORGET_AT_ONCE);
      this.#lines.splice(0, gone);
      this.#changes = { ...this.#changes, forgotten: forgotten + gone };
    }
    this.#newLines = true;
    this.#schedule();
  }

  #change(part: Partial<LiveSnapshot>): void {
    this.#changes = { ...this.#changes, ...part };
    this.#schedule();
  }

  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      const lines = this.#newLines ? { lines: this.#lines.slice() } : {};
      this.#snapshot = { ...this.#snapshot, ...this.#changes, ...lines };
      this.#changes = {};
      this.#newLines = false;
      for (const listener of this.#listeners) {
        listener();
      }
    });
  }
}
