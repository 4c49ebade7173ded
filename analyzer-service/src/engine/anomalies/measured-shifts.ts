import type { Severity } from '../finding.ts';
import { clockTime, duration, named, rounded } from '../findings/wording.ts';
import type { Anomaly, Detection } from './anomaly.ts';
import { LogHistogram } from './log-histogram.ts';
import type { MeasuredSeries } from './measured-series.ts';
import { WINDOW_PARTS } from './measured-series.ts';
import { normalTail } from './robust.ts';
import type { TimeGrid } from './time-grid.ts';

/**
 * Measured numbers (durations, tokens, sizes) that grew: the window from some moment on against the baseline and
 * the window before, by rank sum (Mann & Whitney, 1947) so that single outliers have no say.
 */
export function detectMeasuredShifts(grid: TimeGrid, table: readonly MeasuredSeries[]): Detection {
  const anomalies: Anomaly[] = [];
  for (const series of table) {
    const anomaly = detectShift(grid, series);
    if (anomaly !== null) anomalies.push(anomaly);
  }
  return { anomalies, tested: table.length };
}

const VALUES_MIN = 10;
const RATIO_MIN = 1.5;
/** Values of neighbouring requests depend on each other: the rank score is that much less certain. */
const RANK_DISPERSION = 2;

function detectShift(grid: TimeGrid, series: MeasuredSeries): Anomaly | null {
  const split = bestSplit(series);
  if (split === null) return null;
  const before = split.rest.quantile(0.5);
  const after = split.after.quantile(0.5);
  const tail = { before: split.rest.quantile(0.95), after: split.after.quantile(0.95) };
  const ratio = before > 0 ? after / before : Infinity;
  if (ratio < RATIO_MIN || (series.unit === 'ms' && after - before < 1)) return null;
  const sinceMs = grid.binStartMs((firstPossiblePart(series, split.part) * grid.windowBins) / WINDOW_PARTS);
  const shown = series.unit === 'ms' ? duration : rounded;
  const what =
    series.unit === 'ms' ? (series.name === 'duration' ? 'takes' : `${series.name} is`) : `${series.name} is`;
  return {
    kind: series.unit === 'ms' ? 'latency' : 'parameter_shift',
    severity: severityOf(series, ratio),
    service: series.service,
    subject: `${series.handle} ${series.name}`,
    probability: Math.min(1, normalTail(split.score / Math.sqrt(RANK_DISPERSION)) * WINDOW_PARTS),
    ratio,
    title:
      `${named(series.service)}: ${what} ${shown(after)} (median) since ${clockTime(sinceMs)}, ` +
      `${shown(before)} before; 95th percentile ${shown(tail.after)}, ${shown(tail.before)} before`,
    sinceMs,
    count: split.after.total,
    baselineCount: split.rest.total,
    template: null,
    pattern: null,
    evidence: largestLines(series, split.part),
    series: series.windowParts.map((part) => part.quantile(0.5)),
  };
}

interface Split {
  readonly part: number;
  readonly after: LogHistogram;
  readonly rest: LogHistogram;
  readonly score: number;
}

/** The part of the window from which the values lie highest above all the others. */
function bestSplit(series: MeasuredSeries): Split | null {
  let best: Split | null = null;
  const after = new LogHistogram();
  for (let part = WINDOW_PARTS - 1; part >= 0; part -= 1) {
    const here = series.windowParts[part];
    if (here === undefined || here.total === 0) continue;
    after.merge(here);
    const rest = new LogHistogram();
    rest.merge(series.baseline);
    for (let before = 0; before < part; before += 1) rest.merge(series.windowParts[before] ?? rest);
    if (after.total < VALUES_MIN || rest.total < VALUES_MIN) continue;
    const score = after.rankScore(rest);
    if (best === null || score > best.score) {
      const kept = new LogHistogram();
      kept.merge(after);
      best = { part, after: kept, rest, score };
    }
  }
  return best;
}

/** Where no value was read just before the split, the change may have come as early as after the last one before. */
function firstPossiblePart(series: MeasuredSeries, part: number): number {
  for (let before = part - 1; before >= 0; before -= 1) {
    if ((series.windowParts[before]?.total ?? 0) > 0) return before + 1;
  }
  return part;
}

function severityOf(series: MeasuredSeries, ratio: number): Severity {
  if (series.unit !== 'ms') return 'low';
  return ratio >= 3 ? 'high' : 'medium';
}

function largestLines(series: MeasuredSeries, part: number) {
  return series.largest
    .slice(part)
    .filter((entry) => entry !== undefined)
    .sort((a, b) => b.value - a.value)
    .slice(0, 5)
    .map((entry) => entry.line)
    .sort((a, b) => a.timeMs - b.timeMs);
}
