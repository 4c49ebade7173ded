/** The instants at which a metric query is evaluated: start, start + step, ... */
export type TimeSteps = { readonly startNs: bigint; readonly stepNs: bigint; readonly count: number };

/** The windows (T - range, T] of a range aggregation, T being each instant less the offset. */
export class Windows {
  /** Samples before or at this instant belong to no window. */
  readonly afterNs: bigint;
  readonly untilNs: bigint;
  readonly count: number;
  readonly baseNs: bigint;
  readonly stepNs: number;
  readonly rangeNs: number;

  constructor(steps: TimeSteps, rangeNs: number, offsetNs: number) {
    this.baseNs = steps.startNs - BigInt(offsetNs);
    this.count = steps.count;
    this.stepNs = Number(steps.stepNs);
    this.rangeNs = rangeNs;
    this.afterNs = this.baseNs - BigInt(rangeNs);
    this.untilNs = this.baseNs + steps.stepNs * BigInt(steps.count - 1);
  }

  /** The first window that holds a sample; `relativeNs` is its time after the first instant. */
  first(relativeNs: number): number {
    return relativeNs <= 0 ? 0 : Math.ceil(relativeNs / this.stepNs);
  }

  /** One more than the last window that holds it. */
  end(relativeNs: number): number {
    return Math.min(this.count, Math.ceil((relativeNs + this.rangeNs) / this.stepNs));
  }
}
