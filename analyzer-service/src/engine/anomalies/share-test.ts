import { logGamma } from './count-test.ts';

/** How many of how many, now and before. */
export interface ShareComparison {
  readonly hits: number;
  readonly trials: number;
  readonly baselineHits: number;
  readonly baselineTrials: number;
}

/**
 * Probability of at least this many hits now when the share did not change: the upper tail of Fisher's exact test
 * (Fisher, 1922), which stays right for the small numbers that a few minutes of requests give. 0 to 1.
 */
export function shareRiseProbability(comparison: ShareComparison): number {
  const { hits, trials, baselineHits, baselineTrials } = comparison;
  const allHits = hits + baselineHits;
  const total = trials + baselineTrials;
  if (hits <= 0 || trials <= 0 || allHits >= total) return 1;
  const highest = Math.min(allHits, trials);
  const constant = logChoose(total, trials);
  let probability = 0;
  for (let value = hits; value <= highest; value += 1) {
    const term = Math.exp(logChoose(allHits, value) + logChoose(total - allHits, trials - value) - constant);
    probability += term;
    if (term < probability * 1e-9) break;
  }
  return Math.min(1, probability);
}

/** Natural logarithm of the number of ways to choose; -Infinity where there is none. */
export function logChoose(total: number, chosen: number): number {
  if (chosen < 0 || chosen > total) return -Infinity;
  return logGamma(total + 1) - logGamma(chosen + 1) - logGamma(total - chosen + 1);
}

/** A share that rose and stayed up to the end of the window. */
export interface ShareRise {
  /** First bin of the risen part. */
  readonly bin: number;
  readonly hits: number;
  readonly trials: number;
  readonly restHits: number;
  readonly restTrials: number;
  /** Corrected for the bins that were tried. */
  readonly probability: number;
}

/**
 * The start of the most significant rise of a share: hits among trials from a bin on against all before, baseline
 * included. Null when there is none.
 */
export function findShareRise(
  hits: ArrayLike<number>,
  trials: ArrayLike<number>,
  baselineHits: number,
  baselineTrials: number,
): ShareRise | null {
  let allHits = baselineHits;
  let allTrials = baselineTrials;
  for (let bin = 0; bin < trials.length; bin += 1) {
    allHits += hits[bin] ?? 0;
    allTrials += trials[bin] ?? 0;
  }
  let best: { bin: number; hits: number; trials: number; gain: number } | null = null;
  let afterHits = 0;
  let afterTrials = 0;
  let tried = 0;
  for (let bin = trials.length - 1; bin >= 0; bin -= 1) {
    afterTrials += trials[bin] ?? 0;
    if ((hits[bin] ?? 0) === 0) continue;
    afterHits += hits[bin] ?? 0;
    tried += 1;
    const gain = likelihoodGain(afterHits, afterTrials, allHits, allTrials);
    if (gain > 0 && (best === null || gain >= best.gain))
      best = { bin, hits: afterHits, trials: afterTrials, gain };
  }
  if (best === null) return null;
  const restHits = allHits - best.hits;
  const restTrials = allTrials - best.trials;
  const probability = shareRiseProbability({
    hits: best.hits,
    trials: best.trials,
    baselineHits: restHits,
    baselineTrials: restTrials,
  });
  return {
    bin: best.bin,
    hits: best.hits,
    trials: best.trials,
    restHits,
    restTrials,
    probability: Math.min(1, probability * tried),
  };
}

/** Log-likelihood gained by giving the part a share of its own; 0 where it is not the higher one. */
function likelihoodGain(hits: number, trials: number, allHits: number, allTrials: number): number {
  if (hits * allTrials <= allHits * trials) return 0;
  const rest = binomial(allHits - hits, allTrials - trials);
  return binomial(hits, trials) + rest - binomial(allHits, allTrials);
}

function binomial(hits: number, trials: number): number {
  const misses = trials - hits;
  const ofHits = hits > 0 ? hits * Math.log(hits / trials) : 0;
  return ofHits + (misses > 0 ? misses * Math.log(misses / trials) : 0);
}
