import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { LogLine } from '../log-line.ts';
import type { Place, RequestPath } from './request-path.ts';
import type { StepChange } from './step-changes.ts';
import { contextKey, stepsOf } from './step-table.ts';

/** How often a change was where a request first went wrong. */
export interface BreakCount {
  readonly change: StepChange;
  /** Requests that deviated there, and those of them where no deeper deviation explains it. */
  deviating: number;
  first: number;
  /** Requests that came to the same place and went their usual way. */
  usual: number;
  /** What other services wrote before the step ended, by place. */
  readonly within: Map<number, { deviating: number; usual: number }>;
  /** Lines around the break in the earliest requests: at most 5. */
  readonly evidence: LogLine[];
}

export interface RequestBreaks {
  readonly counts: readonly BreakCount[];
  /** By request: the change at which it first went wrong. */
  readonly firstByRequest: ReadonlyMap<string, BreakCount>;
}

interface Deviation {
  readonly count: BreakCount;
  readonly from: number;
  readonly to: number;
  readonly isCall: boolean;
}

/**
 * Finds in each request of the window where it first went wrong. A deviation is explained by another one that lies
 * within it (the caller waits while the callee fails), and by one that came earlier.
 */
export function countBreaks(
  paths: readonly RequestPath[],
  changes: readonly StepChange[],
  places: readonly Place[],
  grid: TimeGrid,
): RequestBreaks {
  const counts = changes.map((change): BreakCount => ({
    change,
    deviating: 0,
    first: 0,
    usual: 0,
    within: new Map(),
    evidence: [],
  }));
  const byContext = new Map(
    counts.map((count) => [contextKey(count.change.kind, count.change.place), count]),
  );
  const firstByRequest = new Map<string, BreakCount>();
  for (const path of paths) {
    const { deviations, usual } = deviationsOf(path, byContext, places, grid);
    for (const deviation of oncePerChange(deviations)) {
      deviation.count.deviating += 1;
      for (const place of placesWithin(deviation, path, places)) tally(deviation.count, place).deviating += 1;
    }
    for (const visit of oncePerChange(usual)) {
      visit.count.usual += 1;
      for (const place of placesWithin(visit, path, places)) tally(visit.count, place).usual += 1;
    }
    const first = firstDeviation(deviations);
    if (first === null) continue;
    first.count.first += 1;
    firstByRequest.set(path.id, first.count);
    keepEvidence(first, path, grid.binStartMs(first.count.change.rise.bin));
  }
  return { counts, firstByRequest };
}

function deviationsOf(
  path: RequestPath,
  byContext: ReadonlyMap<number, BreakCount>,
  places: readonly Place[],
  grid: TimeGrid,
): { readonly deviations: readonly Deviation[]; readonly usual: readonly Deviation[] } {
  const deviations: Deviation[] = [];
  const visits: Deviation[] = [];
  const usual = new Map<BreakCount, { taken: boolean; last: Deviation }>();
  for (const step of stepsOf(path, places)) {
    const event = path.events[step.from];
    if (event === undefined || !grid.isInWindow(event.timeMs)) continue;
    const count = byContext.get(contextKey(step.kind, event.place));
    if (count === undefined) continue;
    const deviation = { count, from: step.from, to: step.to, isCall: step.kind === 'call' };
    if (count.change.deviant.has(step.outcome)) {
      deviations.push(deviation);
      continue;
    }
    visits.push(deviation);
    if (count.change.missingWasUsual) {
      const taken = usual.get(count)?.taken === true || step.outcome === count.change.missing;
      usual.set(count, { taken, last: deviation });
    }
  }
  for (const { taken, last } of usual.values()) if (!taken) deviations.push(last);
  const deviating = new Set(deviations.map(({ count }) => count));
  return { deviations, usual: visits.filter(({ count }) => !deviating.has(count)) };
}

function oncePerChange(deviations: readonly Deviation[]): Iterable<Deviation> {
  return new Map(deviations.map((deviation) => [deviation.count, deviation])).values();
}

/** Where other services wrote between the two lines of a step. */
function placesWithin({ from, to }: Deviation, path: RequestPath, places: readonly Place[]): Set<number> {
  const own = path.events[from]?.line.service;
  const within = path.events.slice(from + 1, to).map(({ place }) => place);
  return new Set(within.filter((place) => places[place]?.service !== own));
}

function tally({ within }: BreakCount, place: number): { deviating: number; usual: number } {
  let known = within.get(place);
  if (known === undefined) within.set(place, (known = { deviating: 0, usual: 0 }));
  return known;
}

/**
 * The place of another service that nearly every deviating request passed before it deviated, and hardly any other: a
 * caller that turns a request away says what its callee told it. Null where there is none.
 */
export function answerBehind({ within, deviating, usual }: BreakCount): number | null {
  let best: { readonly place: number; readonly contrast: number } | null = null;
  for (const [place, seen] of within) {
    const share = seen.deviating / deviating;
    const contrast = share - (usual === 0 ? 0 : seen.usual / usual);
    if (share >= NEARLY_ALL && contrast >= CONTRAST_MIN && contrast > (best?.contrast ?? 0))
      best = { place, contrast };
  }
  return best?.place ?? null;
}

const NEARLY_ALL = 0.8;
const CONTRAST_MIN = 0.7;

function firstDeviation(deviations: readonly Deviation[]): Deviation | null {
  const innermost = deviations.filter((outer) => !deviations.some((inner) => explains(inner, outer)));
  let first: Deviation | null = null;
  for (const deviation of innermost) if (first === null || deviation.from < first.from) first = deviation;
  return first;
}

function explains(inner: Deviation, outer: Deviation): boolean {
  if (inner === outer || outer.isCall) return false;
  if (inner.from === outer.from) return inner.isCall;
  return inner.from > outer.from && inner.from < outer.to;
}

const EVIDENCE_MAX = 5;

/** Only requests from the change on are evidence of it: a few went that way before as well. */
function keepEvidence(deviation: Deviation, path: RequestPath, sinceMs: number): void {
  const { evidence } = deviation.count;
  if ((path.events[deviation.from]?.timeMs ?? 0) < sinceMs) return;
  for (const index of new Set([deviation.from, deviation.to])) {
    const line = path.events[index]?.line;
    if (line !== undefined && evidence.length < EVIDENCE_MAX) evidence.push(line);
  }
}
