import type { TimeRange } from '../log-line.ts';

/** Cuts the window, and all baseline ranges laid end to end, into equal bins. A moment in both belongs to the window. */
export class TimeGrid {
  readonly window: TimeRange;
  readonly baseline: readonly TimeRange[];
  readonly windowBins: number;
  readonly baselineBins: number;
  readonly windowStepMs: number;
  readonly baselineStepMs: number;
  readonly windowMs: number;
  readonly baselineMs: number;

  constructor(window: TimeRange, baseline: readonly TimeRange[], windowBins = 60, baselineBinsMax = 120) {
    if (!(window.endMs > window.startMs)) {
      throw new RangeError('The window must end after it starts: give startMs < endMs.');
    }
    this.window = window;
    this.baseline = baseline.filter((range) => range.endMs > range.startMs);
    this.windowBins = windowBins;
    this.windowMs = window.endMs - window.startMs;
    this.windowStepMs = this.windowMs / windowBins;
    this.baselineMs = this.baseline.reduce((sum, range) => sum + range.endMs - range.startMs, 0);
    this.baselineStepMs = Math.max(this.windowStepMs, this.baselineMs / baselineBinsMax);
    this.baselineBins = Math.ceil(this.baselineMs / this.baselineStepMs - 1e-9);
  }

  /** A number that packs the position (window bins first, then baseline bins), or -1 outside both. */
  slot(timeMs: number): number {
    if (this.isInWindow(timeMs)) {
      return Math.min(this.windowBins - 1, Math.floor((timeMs - this.window.startMs) / this.windowStepMs));
    }
    let beforeMs = 0;
    for (const range of this.baseline) {
      if (timeMs >= range.startMs && timeMs < range.endMs) {
        const bin = Math.floor((beforeMs + timeMs - range.startMs) / this.baselineStepMs);
        return this.windowBins + Math.min(this.baselineBins - 1, bin);
      }
      beforeMs += range.endMs - range.startMs;
    }
    return -1;
  }

  get slots(): number {
    return this.windowBins + this.baselineBins;
  }

  isInWindow(timeMs: number): boolean {
    return timeMs >= this.window.startMs && timeMs < this.window.endMs;
  }

  /** When a bin of the window starts. */
  binStartMs(bin: number): number {
    return this.window.startMs + bin * this.windowStepMs;
  }
}
