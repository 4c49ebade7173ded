import { median, medianDeviation } from '../anomalies/robust.ts';
import { rankRiseProbability } from '../anomalies/rank-test.ts';
import type { DelaySeries } from './delay-table.ts';

/** A gap between two lines that grew, from a moment of the window on. */
export interface DelayShift {
  readonly series: DelaySeries;
  /** First bin of the slower part. */
  readonly bin: number;
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly count: number;
  /** How far the medians lie apart, in standard errors. It knows size, and ranks suspects even with few requests. */
  readonly score: number;
  /** By ranks alone, so that no odd distribution fools it; corrected for the moments that were tried. */
  readonly probability: number;
}

/**
 * The moment from which a gap is longer: the split whose two medians leave the least absolute deviation, of the
 * logarithm, because gaps are right-skewed and come in few. Null with too few on a side, or when no gap grew.
 */
export function findDelayShift(series: DelaySeries, windowBins: number): DelayShift | null {
  let best: Split | null = null;
  const logs = series.gapsMs.map((gapMs) => Math.log(Math.max(0, gapMs) + 1));
  if (!hasSlowPart(logs, series.bins, windowBins)) return null;
  for (let part = 0; part < PARTS; part += 1) {
    const split = splitAt(logs, series.bins, Math.round((part * windowBins) / PARTS));
    if (split !== null && split.score > 0 && (best === null || split.deviation < best.deviation))
      best = split;
  }
  if (best === null) return null;
  return {
    series,
    bin: best.bin,
    beforeMs: Math.exp(median(best.before)) - 1,
    afterMs: Math.exp(median(best.after)) - 1,
    count: best.after.length,
    score: best.score,
    probability: Math.min(1, rankRiseProbability(best.after, best.before) * PARTS),
  };
}

/** Most gaps never change: it takes one part of the window well above what came before to look closer. */
function hasSlowPart(logs: readonly number[], bins: readonly number[], windowBins: number): boolean {
  const parts: number[][] = Array.from({ length: PARTS + 1 }, () => []);
  for (const [index, value] of logs.entries()) {
    const bin = bins[index] ?? -1;
    parts[bin < 0 ? 0 : 1 + Math.floor((bin * PARTS) / windowBins)]?.push(value);
  }
  const medians = parts.filter((part) => part.length > 0).map((part) => median(part));
  const first = medians[0] ?? 0;
  return medians.some((value) => value - first > SLOW_PART_LOG);
}

interface Split {
  readonly bin: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly score: number;
  readonly deviation: number;
}

const PARTS = 12;
const GAPS_MIN = 3;
/** A part's median 1.3 times that of the first part (the baseline, where there is one). */
const SLOW_PART_LOG = Math.log(1.3);
/** A gap that never varied is still known to 15 % only. */
const SPREAD_MIN = 0.15;
/** The median's standard error is this much larger than the mean's. */
const MEDIAN_ERROR = 1.253;

function splitAt(logs: readonly number[], bins: readonly number[], bin: number): Split | null {
  const after = logs.filter((_, index) => (bins[index] ?? -1) >= bin);
  if (after.length < GAPS_MIN || logs.length - after.length < GAPS_MIN) return null;
  const before = logs.filter((_, index) => (bins[index] ?? -1) < bin);
  const spread = medianDeviation(before) + SPREAD_MIN;
  const error = spread * MEDIAN_ERROR * Math.sqrt(1 / after.length + 1 / before.length);
  const score = (median(after) - median(before)) / error;
  return { bin, before, after, score, deviation: deviationOf(before) + deviationOf(after) };
}

function deviationOf(values: readonly number[]): number {
  const centre = median(values);
  return values.reduce((sum, value) => sum + Math.abs(value - centre), 0);
}
