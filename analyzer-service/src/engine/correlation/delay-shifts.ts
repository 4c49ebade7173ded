import { median, medianDeviation, normalTail } from '../anomalies/robust.ts';
import type { DelaySeries } from './delay-table.ts';

/** A gap between two lines that grew, from a moment of the window on. */
export interface DelayShift {
  readonly series: DelaySeries;
  /** First bin of the slower part. */
  readonly bin: number;
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly count: number;
  readonly probability: number;
}

/**
 * The moment from which a gap is most clearly longer: difference of medians of the logarithm, against the spread
 * (MAD) before. Gaps are right-skewed and come in few, hence logarithm and median. Null with too few on a side.
 */
export function findDelayShift(series: DelaySeries, windowBins: number): DelayShift | null {
  let best: DelayShift | null = null;
  const logs = series.gapsMs.map((gapMs) => Math.log(Math.max(0, gapMs) + 1));
  for (let part = 0; part < PARTS; part += 1) {
    const bin = Math.round((part * windowBins) / PARTS);
    const after = logs.filter((_, index) => (series.bins[index] ?? -1) >= bin);
    if (after.length < GAPS_MIN || logs.length - after.length < GAPS_MIN) continue;
    const before = logs.filter((_, index) => (series.bins[index] ?? -1) < bin);
    const shift = median(after) - median(before);
    const spread = medianDeviation(before) + SPREAD_MIN;
    const score = shift / (spread * MEDIAN_ERROR * Math.sqrt(1 / after.length + 1 / before.length));
    const probability = Math.min(1, normalTail(score) * PARTS);
    if (best !== null && probability >= best.probability) continue;
    best = {
      series,
      bin,
      beforeMs: Math.exp(median(before)) - 1,
      afterMs: Math.exp(median(after)) - 1,
      count: after.length,
      probability,
    };
  }
  return best;
}

const PARTS = 12;
const GAPS_MIN = 3;
/** A gap that never varied is still known to 15 % only. */
const SPREAD_MIN = 0.15;
/** The median's standard error is this much larger than the mean's. */
const MEDIAN_ERROR = 1.253;
