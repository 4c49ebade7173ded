import { riseProbability } from './count-test.ts';

/** A rise that lasts to the end of the window. */
export interface Rise {
  /** First bin of the risen part. */
  readonly bin: number;
  /** Counts from that bin on, and what the rest (baseline and the bins before) had at the same exposure. */
  readonly count: number;
  readonly expected: number;
  /** Counts of the rest as they are. */
  readonly restCount: number;
  /** Probability of such a rise by chance, already corrected for the bins that were tried. */
  readonly probability: number;
}

export interface RiseQuestion {
  /** Counts of the window's bins. */
  readonly counts: ArrayLike<number>;
  /** Exposure of the same bins: time, or all lines of the service. */
  readonly exposures: ArrayLike<number>;
  readonly baselineCount: number;
  readonly baselineExposure: number;
  readonly dispersion: number;
}

/**
 * The start of the most significant rise: the split whose log-likelihood ratio is largest (Kulldorff's scan
 * statistic, 1997, over all suffixes), its p-value multiplied by the number of splits tried. Null when nothing rose.
 */
export function findRise(question: RiseQuestion): Rise | null {
  const { counts, exposures, baselineCount, baselineExposure, dispersion } = question;
  let count = 0;
  let exposure = 0;
  let totalCount = baselineCount;
  let totalExposure = baselineExposure;
  for (let bin = 0; bin < counts.length; bin += 1) {
    totalCount += counts[bin] ?? 0;
    totalExposure += exposures[bin] ?? 0;
  }
  let best = { bin: -1, count: 0, exposure: 0, ratio: 0 };
  for (let bin = counts.length - 1; bin >= 0; bin -= 1) {
    const here = counts[bin] ?? 0;
    count += here;
    exposure += exposures[bin] ?? 0;
    if (here === 0 || exposure <= 0) continue;
    const ratio = likelihoodRatio(count, exposure, totalCount, totalExposure);
    if (ratio > best.ratio) best = { bin, count, exposure, ratio };
  }
  if (best.bin < 0) return null;
  // Weighted lines are no whole numbers: what is left of them by rounding are no lines.
  const rest = totalCount - best.count;
  const restCount = rest < totalCount * 1e-9 ? 0 : rest;
  const restExposure = Math.max(totalExposure - best.exposure, totalExposure * 1e-9);
  const probability = riseProbability({
    count: best.count,
    baselineCount: restCount,
    exposure: best.exposure,
    baselineExposure: restExposure,
    dispersion,
  });
  return {
    bin: best.bin,
    count: best.count,
    expected: (restCount / restExposure) * best.exposure,
    restCount,
    probability: Math.min(1, probability * counts.length),
  };
}

/** Twice the log-likelihood gain of a rate of its own for the part; 0 where the part's rate is not the higher one. */
function likelihoodRatio(count: number, exposure: number, totalCount: number, totalExposure: number): number {
  const restCount = totalCount - count;
  const restExposure = totalExposure - exposure;
  const rate = count / exposure;
  const overall = totalCount / totalExposure;
  if (rate <= overall) return 0;
  const rest =
    restCount > 0 && restExposure > 0 ? restCount * Math.log(restCount / restExposure / overall) : 0;
  return 2 * (count * Math.log(rate / overall) + rest);
}
