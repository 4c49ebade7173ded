import type { SampleLine } from './sample-line.ts';

/**
 * Puts lines into time order. Requests overlap, so their lines arrive mixed up by seconds; buckets of time, each
 * sorted once when it is complete, cost less than a heap.
 */
export class TimeOrder {
  readonly #buckets = new Map<number, SampleLine[]>();
  #nextBucket: number;

  constructor(startMs: number) {
    this.#nextBucket = Math.floor(startMs / BUCKET_MS);
  }

  /** A line older than what was taken already has no place in the order and is a mistake of the caller. */
  add(line: SampleLine): void {
    const index = Math.floor(line.timeMs / BUCKET_MS);
    if (index < this.#nextBucket)
      throw new Error(`The line at ${line.timeMs} ms comes after its time was taken.`);
    const bucket = this.#buckets.get(index);
    if (bucket === undefined) this.#buckets.set(index, [line]);
    else bucket.push(line);
  }

  /** Takes out the lines of every bucket that ends at or before `untilMs`, in time order. */
  take(untilMs: number): readonly SampleLine[] {
    const endBucket = Math.floor(untilMs / BUCKET_MS);
    if (endBucket <= this.#nextBucket) return NOTHING;
    const taken: SampleLine[] = [];
    for (; this.#nextBucket < endBucket; this.#nextBucket++) {
      const bucket = this.#buckets.get(this.#nextBucket);
      if (bucket === undefined) continue;
      this.#buckets.delete(this.#nextBucket);
      for (const line of bucket.sort((left, right) => left.timeMs - right.timeMs)) taken.push(line);
    }
    return taken;
  }
}

const NOTHING: readonly SampleLine[] = [];
const BUCKET_MS = 250;
