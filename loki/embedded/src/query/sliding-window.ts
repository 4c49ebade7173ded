import type { AnyRangeAggregator } from '../aggregations/range/range-aggregator.ts';

/** Samples that fall into the same windows, [first, end). */
export type Part = { readonly first: number; readonly end: number; readonly state: unknown };

type Suffix = { readonly end: number; readonly state: unknown };

/**
 * The parts of a window that moves forward, and their states merged. A queue of two stacks merges each part a
 * few times in all, however far the windows overlap.
 */
export class SlidingWindow {
  readonly #aggregator: AnyRangeAggregator;
  /** States merged from a part to the newest of its stack; the oldest part is last. */
  readonly #front: Suffix[] = [];
  #back: Part[] = [];
  #backState: unknown;

  constructor(aggregator: AnyRangeAggregator) {
    this.#aggregator = aggregator;
  }

  /** Parts come in the order of their windows. */
  push(part: Part): void {
    this.#back.push(part);
    this.#backState ??= this.#aggregator.create();
    this.#aggregator.merge(this.#backState, part.state);
  }

  /** The merged state of the parts that reach into a window, undefined when there is none. */
  stateAt(window: number): unknown {
    while ((this.#front.at(-1)?.end ?? Infinity) <= window) this.#front.pop();
    if (this.#front.length === 0) {
      this.#turnOver();
      while ((this.#front.at(-1)?.end ?? Infinity) <= window) this.#front.pop();
    }
    const front = this.#front.at(-1);
    if (!front && this.#backState === undefined) return undefined;
    const state = this.#aggregator.create();
    if (front) this.#aggregator.merge(state, front.state);
    if (this.#backState !== undefined) this.#aggregator.merge(state, this.#backState);
    return state;
  }

  #turnOver(): void {
    let newer: unknown;
    for (const part of this.#back.toReversed()) {
      const state = this.#aggregator.create();
      this.#aggregator.merge(state, part.state);
      if (newer !== undefined) this.#aggregator.merge(state, newer);
      this.#front.push({ end: part.end, state });
      newer = state;
    }
    this.#back = [];
    this.#backState = undefined;
  }
}
