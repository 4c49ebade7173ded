import { setImmediate as nextTurn } from 'node:timers/promises';

const TURN_MS = 8;

/** How many lines are worked on between two breaths: even costly ones take no long time. */
export const LINES_A_BREATH = 128;

/** The same for the instants of a metric query, each with up to hundreds of series. */
export const STEPS_A_BREATH = 16;

/** Lets other work of the process run between the parts of a long task, and stops it when it is cancelled. */
export class Breather {
  readonly #signal: AbortSignal | null;
  #since = performance.now();

  constructor(signal: AbortSignal | null = null) {
    this.#signal = signal;
  }

  async breathe(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return;
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
