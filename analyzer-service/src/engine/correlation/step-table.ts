import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { PathEvent, Place, RequestPath } from './request-path.ts';

/**
 * What follows a line: the next line of the same span (`continue`), or the first line of a span that it called
 * (`call`). `NOTHING` when its span ended there, or when it called nobody.
 */
export type StepKind = 'continue' | 'call';
export const NOTHING = -1;

/** Requests that came to a place, and where they went from there. Counted once a request. */
export interface StepContext {
  readonly kind: StepKind;
  readonly place: number;
  /** Requests by bin of the window. */
  readonly requests: Uint32Array;
  baselineRequests: number;
  readonly outcomes: Map<number, StepOutcome>;
}

export interface StepOutcome {
  /** The place that followed, or NOTHING. */
  readonly place: number;
  readonly requests: Uint32Array;
  baselineRequests: number;
}

/** One step of one request, with the events it lies between. */
export interface Step {
  readonly kind: StepKind;
  /** Index of the event that the step leaves. */
  readonly from: number;
  /** Index of the event that it leads to; the last event of the request when it leads to nothing. */
  readonly to: number;
  readonly outcome: number;
}

/** Counts the steps of many requests, bounded by the number of distinct steps. */
export class StepTable {
  readonly #grid: TimeGrid;
  readonly #stepsMax: number;
  readonly contexts = new Map<number, StepContext>();
  #outcomes = 0;
  droppedSteps = 0;

  constructor(grid: TimeGrid, stepsMax: number) {
    this.#grid = grid;
    this.#stepsMax = stepsMax;
  }

  add(path: RequestPath, places: readonly Place[]): void {
    const slots = new Map<number, number>();
    const seen = new Set<number>();
    for (const step of stepsOf(path, places)) {
      const from = path.events[step.from];
      if (from === undefined) continue;
      const key = contextKey(step.kind, from.place);
      const context = this.#context(key, step.kind, from.place);
      let slot = slots.get(key);
      if (slot === undefined) {
        slots.set(key, (slot = this.#grid.slot(from.timeMs)));
        this.#count(context, slot);
      }
      const outcomeSeen = key * OUTCOMES_MAX + step.outcome + 1;
      if (seen.has(outcomeSeen)) continue;
      seen.add(outcomeSeen);
      const outcome = this.#outcome(context, step.outcome);
      if (outcome === null) this.droppedSteps += 1;
      else this.#count(outcome, slot);
    }
  }

  #count(counter: StepContext | StepOutcome, slot: number): void {
    if (slot < 0) return;
    if (slot >= this.#grid.windowBins) counter.baselineRequests += 1;
    else counter.requests[slot] = (counter.requests[slot] ?? 0) + 1;
  }

  #context(key: number, kind: StepKind, place: number): StepContext {
    let context = this.contexts.get(key);
    if (context === undefined) {
      const requests = new Uint32Array(this.#grid.windowBins);
      context = { kind, place, requests, baselineRequests: 0, outcomes: new Map() };
      this.contexts.set(key, context);
    }
    return context;
  }

  #outcome(context: StepContext, place: number): StepOutcome | null {
    let outcome = context.outcomes.get(place);
    if (outcome === undefined) {
      if (this.#outcomes >= this.#stepsMax) return null;
      this.#outcomes += 1;
      outcome = { place, requests: new Uint32Array(this.#grid.windowBins), baselineRequests: 0 };
      context.outcomes.set(place, outcome);
    }
    return outcome;
  }
}

export function contextKey(kind: StepKind, place: number): number {
  return place * 2 + (kind === 'call' ? 1 : 0);
}

const OUTCOMES_MAX = 2 ** 24;

/**
 * Every step of a request. An error in a span of its own is an answer that came back, not a call, when its service was
 * on the path before, or when the request had failed already.
 */
export function stepsOf(path: RequestPath, places: readonly Place[]): Step[] {
  const steps: Step[] = [];
  const onPath = new Set<string>();
  let hasFailed = false;
  for (const [index, event] of path.events.entries()) {
    onPath.add(event.line.service);
    hasFailed ||= places[event.place]?.failed === true;
    const next = path.events[index + 1];
    const called = next !== undefined && isCall(event, next, onPath, places, hasFailed);
    const last = path.events.length - 1;
    steps.push({
      kind: 'continue',
      from: index,
      to: event.nextInSpan < 0 ? last : event.nextInSpan,
      outcome: event.nextInSpan < 0 ? NOTHING : (path.events[event.nextInSpan]?.place ?? NOTHING),
    });
    steps.push({
      kind: 'call',
      from: index,
      to: called ? index + 1 : index,
      outcome: called ? next.place : NOTHING,
    });
  }
  return steps;
}

function isCall(
  event: PathEvent,
  next: PathEvent,
  onPath: ReadonlySet<string>,
  places: readonly Place[],
  hasFailed: boolean,
): boolean {
  if (!next.opensSpan) return false;
  const cameBack = onPath.has(next.line.service) && next.line.service !== event.line.service;
  return !((cameBack || hasFailed) && places[next.place]?.failed === true);
}
