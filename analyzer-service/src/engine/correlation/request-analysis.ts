import { median } from '../anomalies/robust.ts';
import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { BreakCount } from './broken-requests.ts';
import { answerBehind, countBreaks } from './broken-requests.ts';
import type { DelayBlame } from './delay-blame.ts';
import { blameDelays } from './delay-blame.ts';
import type { DelayShift } from './delay-shifts.ts';
import { findDelayShift } from './delay-shifts.ts';
import { DelayTable } from './delay-table.ts';
import type { Place, RequestPath } from './request-path.ts';
import { blamedService, findStepChanges } from './step-changes.ts';
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
  /** Steps and gaps that did not fit into the limits. */
  readonly droppedSteps: number;
}

/** Follows every request once; linear in their lines. Chance is judged for each change alone: correct it by `tested`. */
export function* analyzeRequests(
  grid: TimeGrid,
  paths: readonly RequestPath[],
  places: readonly Place[],
  stepsMax: number,
): Generator<undefined, RequestAnalysis> {
  const steps = new StepTable(grid, stepsMax);
  const gaps = new DelayTable(grid, stepsMax);
  const whole = paths.filter(isWhole(paths, grid));
  for (const [index, path] of whole.entries()) {
    steps.add(path, places);
    gaps.add(path);
    if (index % REQUESTS_A_TURN === 0) yield;
  }
  const found = findStepChanges(steps, places);
  const likely = found.changes.filter((change) => change.rise.probability <= LIKELY);
  yield;
  const { counts, firstByRequest } = countBreaks(whole, likely, places, grid);
  const blamed = new Map(counts.map((count) => [count, blamedFor(count, steps, places)]));
  yield;
  const pairs = [...gaps.pairs];
  const shifts: DelayShift[] = [];
  for (const [index, series] of pairs.entries()) {
    const shift = findDelayShift(series, grid.windowBins);
    if (shift !== null && isSlower(shift)) shifts.push(shift);
    if (index % PAIRS_A_TURN === 0) yield;
  }
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
    typicalMs: median(whole.map(durationMs)),
    tested: found.tested + pairs.length,
    droppedSteps: steps.droppedSteps + gaps.droppedGaps,
  };
}

function blamedFor(count: BreakCount, steps: StepTable, places: readonly Place[]): string {
  const answer = count.change.kind === 'continue' ? answerBehind(count) : null;
  return (
    (answer === null ? undefined : places[answer]?.service) ?? blamedService(count.change, steps, places)
  );
}

const REQUESTS_A_TURN = 500;
const PAIRS_A_TURN = 50;
const LIKELY = 0.02;
const CLEAR = 1e-3;
const SLOWER_SCORE_MIN = 5;
const SLOWER_RATIO = 1.5;
const SLOWER_MS = 1;

/** Leaves out the requests that the edge of a range may have cut: nearly all take less time than the margin. */
function isWhole(paths: readonly RequestPath[], grid: TimeGrid): (path: RequestPath) => boolean {
  const durationsMs = paths.map(durationMs).sort((a, b) => a - b);
  const marginMs = Math.min(
    durationsMs[Math.floor(0.99 * durationsMs.length)] ?? 0,
    MARGIN_SHARE * grid.windowMs,
  );
  const ranges = [grid.window, ...grid.baseline];
  return (path) => {
    const firstMs = path.events[0]?.timeMs ?? 0;
    return ranges.some(({ startMs, endMs }) => firstMs >= startMs && firstMs < endMs - marginMs);
  };
}

const MARGIN_SHARE = 0.05;

function isSlower(shift: DelayShift): boolean {
  if (shift.score < SLOWER_SCORE_MIN) return false;
  return shift.afterMs > SLOWER_RATIO * shift.beforeMs && shift.afterMs - shift.beforeMs > SLOWER_MS;
}

function durationMs(path: RequestPath): number {
  return (path.events.at(-1)?.timeMs ?? 0) - (path.events[0]?.timeMs ?? 0);
}
