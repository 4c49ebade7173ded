import { median } from '../anomalies/robust.ts';
import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { BreakCount } from './broken-requests.ts';
import { countBreaks } from './broken-requests.ts';
import type { DelayBlame } from './delay-blame.ts';
import { blameDelays } from './delay-blame.ts';
import type { DelayShift } from './delay-shifts.ts';
import { findDelayShift } from './delay-shifts.ts';
import { DelayTable } from './delay-table.ts';
import type { Place, RequestPath } from './request-path.ts';
import type { StepChange } from './step-changes.ts';
import { findStepChanges, isReachedElsewhere } from './step-changes.ts';
import { StepTable } from './step-table.ts';

/** A place where requests of the window stop, fail or turn off their usual way. */
export interface RequestBreak {
  /** The service that is blamed: the one that is not reached any more, otherwise the one that went another way. */
  readonly service: string;
  readonly count: BreakCount;
}

/** What the requests of a window say, against those of the baseline. */
export interface RequestAnalysis {
  readonly places: readonly Place[];
  readonly breaks: readonly RequestBreak[];
  /** The service at which a request first left its usual way by a clear change; null where none did. */
  readonly brokeAt: (requestId: string) => string | null;
  readonly delays: readonly DelayBlame[];
  /** Median time from the first to the last line of a request, in milliseconds. */
  readonly typicalMs: number;
  /** Contexts and gaps that were looked at: needed to correct for chance. */
  readonly tested: number;
}

/** Follows every request once; linear in their lines. Chance is judged for each change alone: correct it by `tested`. */
export function analyzeRequests(
  grid: TimeGrid,
  paths: readonly RequestPath[],
  places: readonly Place[],
  stepsMax: number,
): RequestAnalysis {
  const steps = new StepTable(grid, stepsMax);
  const gaps = new DelayTable(grid, stepsMax);
  for (const path of paths) {
    steps.add(path, places);
    gaps.add(path);
  }
  const found = findStepChanges(steps, places);
  const likely = found.changes.filter((change) => change.rise.probability <= LIKELY);
  const { counts, firstByRequest } = countBreaks(paths, likely, places, grid);
  const blamed = new Map(counts.map((count) => [count, blamedService(count.change, steps, places)]));
  const pairs = [...gaps.pairs];
  const shifts = pairs.map((series) => findDelayShift(series, grid.windowBins)).filter(isSlower);
  return {
    places,
    breaks: [...blamed].map(([count, service]) => ({ service, count })),
    brokeAt: (requestId) => {
      const first = firstByRequest.get(requestId);
      return first === undefined || first.change.rise.probability > CLEAR
        ? null
        : (blamed.get(first) ?? null);
    },
    delays: blameDelays(shifts, pairs, places),
    typicalMs: median(paths.map(durationMs)),
    tested: found.tested + pairs.length,
  };
}

const LIKELY = 0.02;
const CLEAR = 1e-5;
const SLOWER_LIKELY = 1e-6;
const SLOWER_RATIO = 1.5;
const SLOWER_MS = 1;

function blamedService(change: StepChange, steps: StepTable, places: readonly Place[]): string {
  const missing = change.kind === 'call' && change.missing !== null ? places[change.missing] : undefined;
  const isLost = missing !== undefined && !isReachedElsewhere(steps, change, change.missing ?? -1);
  return (isLost ? missing : places[change.place])?.service ?? '';
}

function isSlower(shift: DelayShift | null): shift is DelayShift {
  if (shift === null || shift.probability > SLOWER_LIKELY) return false;
  return shift.afterMs > SLOWER_RATIO * shift.beforeMs && shift.afterMs - shift.beforeMs > SLOWER_MS;
}

function durationMs(path: RequestPath): number {
  return (path.events.at(-1)?.line.timeMs ?? 0) - (path.events[0]?.line.timeMs ?? 0);
}
