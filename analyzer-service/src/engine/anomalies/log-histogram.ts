export type LogHistogramState = ReadonlyMap<number, number>;

/**
 * Counts of positive numbers in buckets whose width is a fixed share of their value (Masson, Rim & Lee,
 * DDSketch, VLDB 2019): quantiles are right to 2 %, memory is bounded, and the order of adding has no effect.
 */
export class LogHistogram {
  #buckets = new Map<number, number>();
  #total = 0;

  add(value: number, weight = 1): void {
    const bucket = value <= SMALLEST ? 0 : Math.ceil(Math.log(value / SMALLEST) / LOG_GROWTH);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + weight);
    this.#total += weight;
  }

  merge(other: LogHistogram): void {
    this.mergeState(other.#buckets);
  }

  /** Buckets with their weights. */
  state(): LogHistogramState {
    return this.#buckets;
  }

  mergeState(state: LogHistogramState): void {
    for (const [bucket, weight] of state) {
      this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + weight);
      this.#total += weight;
    }
  }

  get total(): number {
    return this.#total;
  }

  /** The value below which `share` (0 to 1) of the numbers lie; 0 when there are none. */
  quantile(share: number): number {
    let below = 0;
    for (const [bucket, weight] of this.#sorted()) {
      below += weight;
      if (below >= share * this.#total) return valueOf(bucket);
    }
    return 0;
  }

  /**
   * How many standard deviations this one lies above the other by ranks, ties shared (Mann & Whitney, 1947).
   * Both need numbers; 0 otherwise.
   */
  rankScore(other: LogHistogram): number {
    const total = this.#total + other.#total;
    if (this.#total === 0 || other.#total === 0) return 0;
    const buckets = [...new Set([...this.#buckets.keys(), ...other.#buckets.keys()])].sort((a, b) => a - b);
    let wins = 0;
    let otherBelow = 0;
    let ties = 0;
    for (const bucket of buckets) {
      const own = this.#buckets.get(bucket) ?? 0;
      const others = other.#buckets.get(bucket) ?? 0;
      wins += own * (otherBelow + others / 2);
      otherBelow += others;
      ties += (own + others) ** 3 - (own + others);
    }
    const pairs = this.#total * other.#total;
    const variance = (pairs / 12) * (total + 1 - ties / (total * Math.max(1, total - 1)));
    return variance <= 0 ? 0 : (wins - pairs / 2) / Math.sqrt(variance);
  }

  #sorted(): [number, number][] {
    return [...this.#buckets].sort((a, b) => a[0] - b[0]);
  }
}

const SMALLEST = 1e-6;
const LOG_GROWTH = Math.log(1.04);

function valueOf(bucket: number): number {
  return bucket === 0 ? 0 : SMALLEST * Math.exp((bucket - 0.5) * LOG_GROWTH);
}
