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
import { findStepChanges, isReachedElsewhere } from './step-changes.ts';
import { StepTable } from './step-table.ts';

/** A place where requests of the window stop, fail or turn off their usual way. */
export interface RequestBreak extends BreakCount {
  /** The service that is blamed: the one that is not reached any more, otherwise the one that went another way. */
  readonly service: string;
}

/** What the requests of a window say, against those of the baseline. */
export interface RequestAnalysis {
  readonly places: readonly Place[];
  readonly breaks: readonly RequestBreak[];
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
  const breaks = countBreaks(paths, likely, places, (timeMs) => grid.isInWindow(timeMs)).map(
    (count): RequestBreak => {
      const { change } = count;
      const own = places[change.place]?.service ?? '';
      const missing = change.kind === 'call' && change.missing !== null ? places[change.missing] : undefined;
      const isLost = missing !== undefined && !isReachedElsewhere(steps, change, change.missing ?? -1);
      return { ...count, service: isLost ? missing.service : own };
    },
  );
  const pairs = [...gaps.pairs];
  const shifts = pairs.map((series) => findDelayShift(series, grid.windowBins)).filter(isSlower);
  return {
    places,
    breaks,
    delays: blameDelays(shifts, pairs, places),
    typicalMs: median(paths.map(durationMs)),
    tested: found.tested + pairs.length,
  };
}

const LIKELY = 0.02;
const SLOWER_LIKELY = 1e-6;
const SLOWER_RATIO = 1.5;
const SLOWER_MS = 1;

function isSlower(shift: DelayShift | null): shift is DelayShift {
  if (shift === null || shift.probability > SLOWER_LIKELY) return false;
  return shift.afterMs > SLOWER_RATIO * shift.beforeMs && shift.afterMs - shift.beforeMs > SLOWER_MS;
}

function durationMs(path: RequestPath): number {
  return (path.events.at(-1)?.line.timeMs ?? 0) - (path.events[0]?.line.timeMs ?? 0);
}
