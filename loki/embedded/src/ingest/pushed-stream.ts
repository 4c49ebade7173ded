import type { Labels } from '../pipeline/entry.ts';

/** A stream of a push request as decoded, before validation; timestamps are decimal digits of nanoseconds. */
export type PushedStream = {
  readonly labels: Labels;
  readonly timestamps: string[];
  readonly lines: string[];
  readonly metadata: (Labels | null)[];
};
