/** Quantiles of numbers in bounded memory: counts in buckets whose bounds grow by a tenth. */
export interface NumberSketchState {
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  /** Bucket and weight, in the order of the values. */
  readonly buckets: readonly (readonly [number, number])[];
}

const GROWTH = Math.log(1.1);
const SMALLEST = 1e-9;
const LARGEST = 1e18;

/**
 * A histogram with relative error of at most 5 % between 1e-9 and 1e18, either sign. Sketches of parts add up to the
 * sketch of the whole exactly. Source of the idea: DDSketch (Masson, Rim, Lee; VLDB 2019). At most 1,305 buckets.
 */
export class NumberSketch {
  #min = Infinity;
  #max = -Infinity;
  #sum = 0;
  #weight = 0;
  readonly #buckets = new Map<number, number>();

  add(value: number, weight: number): void {
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#sum += value * weight;
    this.#count(bucketOf(value), weight);
  }

  merge(state: NumberSketchState): void {
    this.#min = Math.min(this.#min, state.min);
    this.#max = Math.max(this.#max, state.max);
    this.#sum += state.sum;
    for (const [bucket, weight] of state.buckets) this.#count(bucket, weight);
  }

  get weight(): number {
    return this.#weight;
  }

  get mean(): number {
    return this.#sum / this.#weight;
  }

  get min(): number {
    return this.#min;
  }

  get max(): number {
    return this.#max;
  }

  /** `share` from 0 to 1. Not a number when nothing was added. */
  quantile(share: number): number {
    let left = share * this.#weight;
    for (const [bucket, weight] of this.#sorted()) {
      left -= weight;
      if (left <= 0) return Math.min(this.#max, Math.max(this.#min, middleOf(bucket)));
    }
    return this.#weight > 0 ? this.#max : NaN;
  }

  state(): NumberSketchState {
    return { min: this.#min, max: this.#max, sum: this.#sum, buckets: this.#sorted() };
  }

  #count(bucket: number, weight: number): void {
    this.#weight += weight;
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + weight);
  }

  #sorted(): [number, number][] {
    return [...this.#buckets].sort((a, b) => a[0] - b[0]);
  }
}

function bucketOf(value: number): number {
  const size = Math.abs(value);
  if (size < SMALLEST) return 0;
  const bucket = 1 + Math.floor(Math.log(Math.min(size, LARGEST) / SMALLEST) / GROWTH);
  return value < 0 ? -bucket : bucket;
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  return Math.sign(bucket) * SMALLEST * Math.exp((Math.abs(bucket) - 0.5) * GROWTH);
}
