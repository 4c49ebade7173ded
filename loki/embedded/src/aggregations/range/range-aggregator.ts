/**
 * How samples of one window become one value. States of parts of a window are merged, so that overlapping
 * windows do not look at a sample more than once.
 */
export type RangeAggregator<State> = {
  /** Whether a state grows with the samples in it. */
  readonly keepsSamples?: boolean;
  create(): State;
  add(state: State, value: number, timestampNs: number): void;
  merge(into: State, from: State): void;
  /** `rangeNs` is the length of the window. */
  result(state: State, rangeNs: number): number;
};

export type AnyRangeAggregator = RangeAggregator<unknown>;

/** Lets aggregators of different states stand in one table. */
export const erase = <State>(aggregator: RangeAggregator<State>): AnyRangeAggregator => aggregator;
