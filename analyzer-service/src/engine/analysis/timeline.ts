import { LEVELS, isErrorLevel, type Level, type TimeRange } from '../log-line.ts';
import type { CountSeries } from '../investigation/exact-counts.ts';

export type TimelineState = ReadonlyMap<Level, readonly number[]>;

const STEPS = 60;

/** Events by level over a range, in equal steps. */
export class Timeline {
  readonly #range: TimeRange;
  readonly #stepMs: number;
  readonly #counts = new Map<Level, number[]>(
    LEVELS.map((level) => [level, Array.from({ length: STEPS }, () => 0)]),
  );

  constructor(range: TimeRange) {
    this.#range = range;
    this.#stepMs = (range.endMs - range.startMs) / STEPS;
  }

  add(timeMs: number, level: Level): void {
    if (timeMs < this.#range.startMs || timeMs >= this.#range.endMs) return;
    const step = Math.min(STEPS - 1, Math.floor((timeMs - this.#range.startMs) / this.#stepMs));
    const counts = this.#counts.get(level);
    if (counts) counts[step] = (counts[step] ?? 0) + 1;
  }

  /** Adds the counts of another timeline of the same range. */
  merge(counts: TimelineState): void {
    for (const [level, others] of counts) {
      const own = this.#counts.get(level);
      others.forEach((count, step) => {
        if (own) own[step] = (own[step] ?? 0) + count;
      });
    }
  }

  /** Events by level and step, as data that a thread can send. */
  state(): TimelineState {
    return this.#counts;
  }

  bySeries(): CountSeries[] {
    return [...this.#counts].map(([level, counts]) => ({
      service: '',
      level,
      startMs: this.#range.startMs,
      stepMs: this.#stepMs,
      counts,
    }));
  }

  /** Events of all levels, and of error levels, step by step. */
  totals(): {
    readonly stepMs: number;
    readonly events: readonly number[];
    readonly errors: readonly number[];
  } {
    return { stepMs: this.#stepMs, events: this.#sum(() => true), errors: this.#sum(isErrorLevel) };
  }

  #sum(counted: (level: Level) => boolean): number[] {
    const sums = Array.from({ length: STEPS }, () => 0);
    for (const [level, counts] of this.#counts) {
      if (counted(level))
        for (let step = 0; step < STEPS; step++) sums[step] = (sums[step] ?? 0) + (counts[step] ?? 0);
    }
    return sums;
  }
}
