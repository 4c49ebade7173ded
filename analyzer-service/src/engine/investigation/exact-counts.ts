import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { Level } from '../log-line.ts';
import { isErrorLevel } from '../log-line.ts';

/** Exact counts of one service and level in equal steps, as a metric query answers them. */
export interface CountSeries {
  readonly service: string;
  readonly level: Level;
  /** `counts[i]` covers startMs + i * stepMs up to the next step. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly counts: readonly number[];
}

export interface ServiceCounts {
  readonly lines: Float64Array;
  readonly errors: Float64Array;
  /** A step that spans several bins is spread over them, which hides its variance by this factor. */
  readonly dispersionFactor: number;
}

/** Exact counts by service on the grid of an investigation. */
export class ExactCounts {
  readonly #grid: TimeGrid;
  readonly #byService = new Map<
    string,
    { lines: Float64Array; errors: Float64Array; dispersionFactor: number }
  >();

  constructor(grid: TimeGrid) {
    this.#grid = grid;
  }

  add(series: CountSeries): void {
    const counts = this.#find(series.service);
    const parts = Math.max(1, Math.min(PARTS_MAX, Math.ceil((series.stepMs / this.#grid.windowStepMs) * 4)));
    counts.dispersionFactor = Math.max(counts.dispersionFactor, series.stepMs / this.#grid.windowStepMs);
    for (const [index, count] of series.counts.entries()) {
      if (!(count > 0)) continue;
      for (let part = 0; part < parts; part += 1) {
        const timeMs = series.startMs + (index + (part + 0.5) / parts) * series.stepMs;
        const slot = this.#grid.slot(timeMs);
        if (slot < 0) continue;
        counts.lines[slot] = (counts.lines[slot] ?? 0) + count / parts;
        if (isErrorLevel(series.level)) counts.errors[slot] = (counts.errors[slot] ?? 0) + count / parts;
      }
    }
  }

  services(): string[] {
    return [...this.#byService.keys()];
  }

  of(service: string): ServiceCounts | null {
    return this.#byService.get(service) ?? null;
  }

  #find(service: string) {
    let counts = this.#byService.get(service);
    if (counts === undefined) {
      const { slots } = this.#grid;
      counts = { lines: new Float64Array(slots), errors: new Float64Array(slots), dispersionFactor: 1 };
      this.#byService.set(service, counts);
    }
    return counts;
  }
}

const PARTS_MAX = 1000;
