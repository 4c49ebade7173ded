import type { LogLine } from '../log-line.ts';
import { isErrorLevel } from '../log-line.ts';
import type { RequestEvent, RequestTrail } from './request-store.ts';

/** A service and one of its templates: where in the code a line comes from. */
export interface Place {
  readonly service: string;
  readonly template: { readonly id: string; readonly text: string };
  /** Whether its lines are errors. */
  readonly failed: boolean;
}

/** Numbers the places, so that steps between them are cheap to count. */
export class PlaceTable {
  readonly #numbers = new Map<string, Map<string, number>>();
  readonly places: Place[] = [];

  number(line: LogLine, template: Place['template']): number {
    let ofService = this.#numbers.get(line.service);
    if (ofService === undefined) this.#numbers.set(line.service, (ofService = new Map()));
    let number = ofService.get(template.id);
    if (number === undefined) {
      number = this.places.length;
      ofService.set(template.id, number);
      this.places.push({ service: line.service, template, failed: isErrorLevel(line.level) });
    }
    return number;
  }
}

/** One line of a request with its place in the flow. Indices count the events of the same path. */
export interface PathEvent {
  readonly line: LogLine;
  /** On a clock that all services of the request share. */
  readonly timeMs: number;
  readonly place: number;
  /** The next event of the same span: what this service did next; -1 where its span ends. */
  nextInSpan: number;
  readonly opensSpan: boolean;
  /** For an event that opens a span: the event just before it, written by the presumed caller; -1 for the first. */
  readonly calledFrom: number;
}

/** What one request did, in time order across all services. */
export interface RequestPath {
  readonly id: string;
  readonly events: readonly PathEvent[];
}

/**
 * Cuts a request into spans (span_id where lines carry one, otherwise one span a service) and links each line to the
 * next one of its span and each span to the line that led to it. Linear in the number of lines.
 */
export function followRequest(
  trail: RequestTrail,
  placeOf: (line: LogLine, handle: number) => number,
): RequestPath {
  const events: PathEvent[] = [];
  const lastOfSpan = new Map<string, PathEvent>();
  for (const { line, handle, timeMs } of deepestFirstWhereTied(trail.events)) {
    const index = events.length;
    const span = spanOf(line);
    const previous = lastOfSpan.get(span);
    if (previous !== undefined) previous.nextInSpan = index;
    const event: PathEvent = {
      line,
      timeMs,
      place: placeOf(line, handle),
      nextInSpan: -1,
      opensSpan: previous === undefined,
      calledFrom: previous === undefined ? index - 1 : -1,
    };
    events.push(event);
    lastOfSpan.set(span, event);
  }
  return { id: trail.id, events };
}

/**
 * Lines of the very same instant: an answer passes from the callee to its caller, so the service that joined the
 * request last wrote first. A service that joins at this very instant only reports what it ends with.
 */
function deepestFirstWhereTied(events: readonly RequestEvent[]): readonly RequestEvent[] {
  if (!events.some((event, index) => event.timeMs === events[index - 1]?.timeMs)) return events;
  const joined = joinOrder(events);
  return [...events].sort((a, b) => a.timeMs - b.timeMs || depthAt(joined, b) - depthAt(joined, a));
}

interface TimedLine {
  readonly line: LogLine;
  readonly timeMs: number;
}

/** When and as which one each service wrote its first line. */
export type JoinOrder = ReadonlyMap<string, { readonly timeMs: number; readonly position: number }>;

export function joinOrder(events: readonly TimedLine[]): JoinOrder {
  const joined = new Map<string, { timeMs: number; position: number }>();
  for (const { line, timeMs } of events) {
    if (!joined.has(line.service)) joined.set(line.service, { timeMs, position: joined.size });
  }
  return joined;
}

/** How many services were there when the line's service joined; -1 when it joins with this line. */
export function depthAt(joined: JoinOrder, { line, timeMs }: TimedLine): number {
  const join = joined.get(line.service);
  return join === undefined || join.timeMs >= timeMs ? -1 : join.position;
}

function spanOf(line: LogLine): string {
  return `${line.service} ${line.fields['span_id'] ?? line.fields['spanId'] ?? line.fields['spanID'] ?? ''}`;
}
