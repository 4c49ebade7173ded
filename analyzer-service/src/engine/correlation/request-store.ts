import type { LogLine } from '../log-line.ts';

/** One line of a request. */
export interface RequestEvent {
  readonly line: LogLine;
  /** The template miner's handle of the line. */
  readonly handle: number;
  /** The line's time; on a common clock once clocks were corrected. */
  readonly timeMs: number;
}

/** Lines that share an id, in time order. */
export interface RequestTrail {
  readonly id: string;
  readonly events: readonly RequestEvent[];
}

export interface RequestStoreState {
  readonly events: ReadonlyMap<string, readonly RequestEvent[]>;
  readonly readWhole: ReadonlySet<string>;
  readonly isSampled: boolean;
  readonly droppedRequestLines: number;
}

/** Fields that carry the id of a request, best first: the first one that a line has is used. */
const REQUEST_ID_FIELDS = [
  'correlation_id',
  'trace_id',
  'request_id',
  'correlationId',
  'traceId',
  'requestId',
  'traceID',
  'x_request_id',
] as const;

/**
 * Keeps the lines of requests, bounded by requests and by lines; what did not fit is counted. Where lines were sampled,
 * a request lacks lines at random and says nothing about its way: then only those count that were read whole on
 * purpose. A weight other than 1 shows the first, a line of weight 0 the second.
 */
export class RequestStore {
  readonly #requestsMax: number;
  readonly #eventsMax: number;
  readonly #events = new Map<string, RequestEvent[]>();
  readonly #readWhole = new Set<string>();
  #eventsKept = 0;
  #isSampled = false;
  droppedRequestLines = 0;

  constructor(requestsMax: number, eventsMax: number) {
    this.#requestsMax = requestsMax;
    this.#eventsMax = eventsMax;
  }

  get isSampled(): boolean {
    return this.#isSampled;
  }

  add(line: LogLine, handle: number): void {
    if (line.weight !== 1) this.#isSampled = true;
    const id = requestIdOf(line);
    if (id === null) return;
    if (line.weight === 0) this.#readWhole.add(id);
    this.#keep(id, { line, handle, timeMs: line.timeMs });
  }

  /** What is kept, as data that a thread can send. */
  state(): RequestStoreState {
    return {
      events: this.#events,
      readWhole: this.#readWhole,
      isSampled: this.#isSampled,
      droppedRequestLines: this.droppedRequestLines,
    };
  }

  /** Adds what another store kept. `handleOf` translates its handles. */
  merge(state: RequestStoreState, handleOf: (handle: number) => number): void {
    this.#isSampled ||= state.isSampled;
    this.droppedRequestLines += state.droppedRequestLines;
    for (const id of state.readWhole) this.#readWhole.add(id);
    for (const [id, events] of state.events)
      for (const event of events) this.#keep(id, { ...event, handle: handleOf(event.handle) });
  }

  #keep(id: string, event: RequestEvent): void {
    let events = this.#events.get(id);
    if (
      this.#eventsKept >= this.#eventsMax ||
      (events === undefined && this.#events.size >= this.#requestsMax)
    ) {
      this.droppedRequestLines += 1;
      return;
    }
    if (events === undefined) this.#events.set(id, (events = []));
    events.push(event);
    this.#eventsKept += 1;
  }

  /** The trails in order of their first line. Sorting is done here, once. */
  trails(): RequestTrail[] {
    const kept = [...this.#events].filter(([id]) => !this.#isSampled || this.#readWhole.has(id));
    const trails = kept.map(([id, events]) => ({ id, events: [...events].sort(byTime) }));
    return trails.sort((a, b) => firstMs(a) - firstMs(b) || (a.id < b.id ? -1 : 1));
  }
}

function requestIdOf(line: LogLine): string | null {
  for (const name of REQUEST_ID_FIELDS) {
    const id = line.fields[name];
    if (id !== undefined && id !== '') return id;
  }
  return null;
}

function firstMs(trail: RequestTrail): number {
  return trail.events[0]?.timeMs ?? 0;
}

function byTime(a: RequestEvent, b: RequestEvent): number {
  if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs;
  if (a.line.service !== b.line.service) return a.line.service < b.line.service ? -1 : 1;
  return a.line.text < b.line.text ? -1 : Number(a.line.text > b.line.text);
}
