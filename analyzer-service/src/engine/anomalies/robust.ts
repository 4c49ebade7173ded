/** The middle value; the mean of the two middle ones for an even number; 0 for none. Does not sort in place. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** Median absolute deviation times 1.4826: the standard deviation of normal data, unmoved by outliers. */
export function medianDeviation(values: readonly number[]): number {
  const centre = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}

/** Probability that a standard normal variable exceeds `z` (Abramowitz & Stegun 26.2.17, error below 1e-7). */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.231_641_9 * z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const terms =
    0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429)));
  return density * t * terms;
}

/**
 * The largest probability that still counts as a discovery when at most the share `rate` of all discoveries may
 * be false (Benjamini & Hochberg, 1995); 0 when none does.
 */
export function discoveryThreshold(probabilities: readonly number[], rate: number): number {
  const sorted = [...probabilities].sort((a, b) => a - b);
  for (let index = sorted.length - 1; index >= 0; index -= 1) {
    const probability = sorted[index] ?? 1;
    if (probability <= (rate * (index + 1)) / sorted.length) return probability;
  }
  return 0;
}
