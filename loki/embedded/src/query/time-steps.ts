import { badRequest } from '../errors.ts';
import type { TimeRange } from '../http/parameters.ts';
import type { Limits } from '../limits.ts';

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

export function checkRange({ startNs, endNs }: TimeRange, { queryRangeMsMax }: Limits): void {
  const rangeMs = (endNs - startNs) / 1_000_000n;
  if (queryRangeMsMax > 0 && rangeMs > BigInt(queryRangeMsMax))
    throw badRequest(
      `the query time range exceeds the limit (query length: ${rangeMs / 3_600_000n}h, limit: ${queryRangeMsMax / 3_600_000}h)`,
    );
}

export function stepsOf({ startNs, endNs }: TimeRange, stepNs: bigint, { queryStepsMax }: Limits): TimeSteps {
  const count = (endNs - startNs) / stepNs + 1n;
  if (count > BigInt(queryStepsMax))
    throw badRequest(
      `exceeded maximum resolution of ${queryStepsMax} points per time series. Try increasing the value of the step parameter`,
    );
  return { startNs, stepNs, count: Number(count) };
}
