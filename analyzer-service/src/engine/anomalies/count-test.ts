/**
 * Whether a count is too high or too low against another one, both over-dispersed Poisson.
 *
 * Given the sum of the two, the first is binomial with the share of its exposure (Przyborowski & Wilenski,
 * Biometrika 1940). Real logs come in bursts, so both counts are divided by the dispersion (variance over
 * mean) first: the quasi-Poisson form (McCullagh & Nelder, Generalized Linear Models, 1989, section 6.2).
 */
export interface CountComparison {
  readonly count: number;
  readonly baselineCount: number;
  /** Any unit, the same for both: milliseconds, lines, requests. Above 0. */
  readonly exposure: number;
  readonly baselineExposure: number;
  /** Variance over mean of the counts, 1 for Poisson. */
  readonly dispersion: number;
}

/** Probability of a count at least this high when nothing changed; 0 to 1. */
export function riseProbability(comparison: CountComparison): number {
  const { count, baselineCount, exposure, baselineExposure, dispersion } = comparison;
  if (count / dispersion < SMALLEST_COUNT) return 1;
  const share = exposure / (exposure + baselineExposure);
  return incompleteBeta(share, count / dispersion, baselineCount / dispersion + 1);
}

/** Less than this, weights and rounding included, is nothing. */
const SMALLEST_COUNT = 1e-6;

/** Probability of a count at most this low when nothing changed; 0 to 1. */
export function fallProbability(comparison: CountComparison): number {
  return riseProbability({
    count: comparison.baselineCount,
    baselineCount: comparison.count,
    exposure: comparison.baselineExposure,
    baselineExposure: comparison.exposure,
    dispersion: comparison.dispersion,
  });
}

/** Variance over mean of equal time bins, at least 1; null where too few events were seen to tell. */
export function dispersionOf(bins: ArrayLike<number>): number | null {
  let sum = 0;
  for (let index = 0; index < bins.length; index += 1) sum += bins[index] ?? 0;
  if (bins.length < DISPERSION_BINS_MIN || sum < DISPERSION_EVENTS_MIN) return null;
  const mean = sum / bins.length;
  let squares = 0;
  for (let index = 0; index < bins.length; index += 1) squares += ((bins[index] ?? 0) - mean) ** 2;
  return Math.max(1, squares / (bins.length - 1) / mean);
}

const DISPERSION_BINS_MIN = 5;
const DISPERSION_EVENTS_MIN = 8;

/** Regularised incomplete beta function I_x(a, b), by Lentz's continued fraction; a and b above 0. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  let c = 1;
  let d = 1 / clamp(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / clamp(1 + even * d);
    c = clamp(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / clamp(1 + odd * d);
    c = clamp(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  return Math.min(1, (front * fraction) / a);
}

function clamp(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** Lanczos' approximation of the logarithm of the gamma function, for values above 0. */
export function logGamma(value: number): number {
  const x = value - 1;
  let sum = 0.999_999_999_999_809_9;
  for (let index = 0; index < LANCZOS.length; index += 1) sum += (LANCZOS[index] ?? 0) / (x + index + 1);
  const t = x + LANCZOS.length - 0.5;
  return 0.918_938_533_204_672_7 + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS = [
  676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1, -176.615_029_162_140_6,
  12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7,
];
