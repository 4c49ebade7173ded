import type { KnownPatternRef, Severity } from '../finding.ts';
import type { Level, LogLine } from '../log-line.ts';
import { dispersionOf } from './count-test.ts';
import { median } from './robust.ts';
import type { TimeGrid } from './time-grid.ts';

/** The lines of one service, level and template over time. */
export interface TemplateObservation {
  readonly service: string;
  readonly level: Level;
  readonly template: { readonly id: string; readonly text: string };
  readonly pattern: (KnownPatternRef & { readonly severity: Severity }) | null;
  /** Weighted lines in each slot of the grid: window bins first. */
  readonly slots: Float64Array;
  readonly windowCount: number;
  readonly baselineCount: number;
  readonly dispersion: number;
  /** The earliest line read in each bin of the window. */
  readonly firstLines: readonly (LogLine | undefined)[];
  /** When the latest line read in the window was written; -Infinity when there is none. */
  readonly lastMs: number;
}

/** All lines of one service over time. */
export interface ServiceObservation {
  readonly service: string;
  readonly lines: Float64Array;
  readonly errors: Float64Array;
  readonly lineDispersion: number;
  readonly errorDispersion: number;
  /** The earliest line of all, and the earliest one at an error level, in each bin of the window. */
  readonly firstLines: readonly (LogLine | undefined)[];
  readonly firstErrors: readonly (LogLine | undefined)[];
}

/** What every detector reads. */
export interface Observations {
  readonly grid: TimeGrid;
  readonly templates: readonly TemplateObservation[];
  readonly services: readonly ServiceObservation[];
  /** All lines in each slot: the traffic that a count is judged against. */
  readonly traffic: Float64Array;
}

/** Sum of the slots from `from` (inclusive) to `to` (exclusive). */
export function sumOf(slots: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += slots[index] ?? 0;
  return sum;
}

/**
 * Variance over mean of a series in the baseline, the larger of single bins and groups of six: bursts last
 * longer than one bin. Null where it is too rare to tell.
 */
export function baselineDispersion(slots: Float64Array, grid: TimeGrid): number | null {
  const bins = slots.subarray(grid.windowBins);
  const single = dispersionOf(bins);
  if (single === null) return null;
  const groups = new Float64Array(Math.floor(bins.length / GROUP_BINS));
  for (let index = 0; index < groups.length; index += 1) {
    groups[index] = sumOf(bins, index * GROUP_BINS, (index + 1) * GROUP_BINS);
  }
  return Math.max(single, dispersionOf(groups) ?? 1);
}

const GROUP_BINS = 6;

/** The dispersion assumed for series that are too rare to show their own: the middle of those that do. */
export function pooledDispersion(known: readonly (number | null)[]): number {
  const values = known.filter((value) => value !== null);
  return values.length === 0 ? DISPERSION_DEFAULT : Math.max(DISPERSION_DEFAULT, median(values));
}

const DISPERSION_DEFAULT = 1.5;

/**
 * Exposure of each window bin and of the whole baseline, in milliseconds of ordinary traffic: when traffic
 * doubles, a bin counts twice, so that a busy hour raises no alarm. Never less than the time itself.
 */
export function risingExposure(observations: Observations): { bins: Float64Array; baseline: number } {
  const { grid, traffic } = observations;
  const baselineTraffic = sumOf(traffic, grid.windowBins, grid.slots);
  const ratePerMs = grid.baselineMs > 0 ? baselineTraffic / grid.baselineMs : 0;
  const bins = new Float64Array(grid.windowBins);
  for (let bin = 0; bin < bins.length; bin += 1) {
    const ordinary = ratePerMs > 0 ? (traffic[bin] ?? 0) / ratePerMs : 0;
    bins[bin] = Math.max(grid.windowStepMs, ordinary);
  }
  return { bins, baseline: grid.baselineMs };
}

/** The earliest lines from a bin on, at most five: evidence of what began there. */
export function evidenceFrom(firstLines: readonly (LogLine | undefined)[], bin: number): LogLine[] {
  return firstLines
    .slice(bin)
    .filter((line) => line !== undefined)
    .slice(0, EVIDENCE_MAX);
}

const EVIDENCE_MAX = 5;
