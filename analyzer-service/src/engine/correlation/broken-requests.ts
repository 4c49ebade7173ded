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
  const counts = changes.map((change): BreakCount => ({ change, deviating: 0, first: 0, evidence: [] }));
  const byContext = new Map(
    counts.map((count) => [contextKey(count.change.kind, count.change.place), count]),
  );
  const firstByRequest = new Map<string, BreakCount>();
  for (const path of paths) {
    const deviations = deviationsOf(path, byContext, places, grid);
    for (const count of new Set(deviations.map((deviation) => deviation.count))) count.deviating += 1;
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
): Deviation[] {
  const deviations: Deviation[] = [];
  const usual = new Map<BreakCount, { taken: boolean; last: Deviation }>();
  for (const step of stepsOf(path, places)) {
    const event = path.events[step.from];
    if (event === undefined || !grid.isInWindow(event.timeMs)) continue;
    const count = byContext.get(contextKey(step.kind, event.place));
    if (count === undefined) continue;
    const deviation = { count, from: step.from, to: step.to, isCall: step.kind === 'call' };
    if (count.change.deviant.has(step.outcome)) deviations.push(deviation);
    else if (count.change.missingWasUsual) {
      const taken = usual.get(count)?.taken === true || step.outcome === count.change.missing;
      usual.set(count, { taken, last: deviation });
    }
  }
  for (const { taken, last } of usual.values()) if (!taken) deviations.push(last);
  return deviations;
}

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
