import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { LogLine } from '../log-line.ts';
import type { PathEvent, RequestPath } from './request-path.ts';

/** What a gap between two lines is: work of one service, the way of a call, or the way of its answer. */
type DelayRole = 'within' | 'call' | 'answer';

/** The time between two consecutive lines of one request, over many requests: the first such pair of each. */
export interface DelaySeries {
  readonly role: DelayRole;
  readonly from: number;
  readonly to: number;
  /** Gaps in milliseconds with the bin of the window they fall into; -1 for the baseline. */
  readonly gapsMs: number[];
  readonly bins: number[];
  /** The two lines around the longest gap of the window; empty while there is none. */
  slowest: readonly LogLine[];
  slowestMs: number;
  /** Gaps seen; of many only every second, fourth, eighth ... is kept. */
  seen: number;
  stride: number;
}

/** Collects the gaps between the lines of requests, bounded by the number of pairs and evenly thinned to a number of gaps a pair. */
export class DelayTable {
  readonly #grid: TimeGrid;
  readonly #pairsMax: number;
  readonly #pairs = new Map<number, DelaySeries>();
  droppedGaps = 0;

  constructor(grid: TimeGrid, pairsMax: number) {
    this.#grid = grid;
    this.#pairsMax = pairsMax;
  }

  get pairs(): Iterable<DelaySeries> {
    return this.#pairs.values();
  }

  add(path: RequestPath): void {
    const seen = new Set<DelaySeries>();
    for (let index = 1; index < path.events.length; index += 1) {
      const from = path.events[index - 1];
      const to = path.events[index];
      if (from === undefined || to === undefined) continue;
      const slot = this.#grid.slot(to.timeMs);
      const series = slot < 0 ? null : this.#find(from, to);
      if (series === null) {
        this.droppedGaps += 1;
        continue;
      }
      if (seen.has(series)) continue;
      seen.add(series);
      const gapMs = to.timeMs - from.timeMs;
      keepGap(series, gapMs, slot < this.#grid.windowBins ? slot : -1);
      if (slot < this.#grid.windowBins && gapMs > series.slowestMs) {
        series.slowestMs = gapMs;
        series.slowest = [from.line, to.line];
      }
    }
  }

  #find(from: PathEvent, to: PathEvent): DelaySeries | null {
    const key = from.place * PLACES_MAX + to.place;
    let series = this.#pairs.get(key);
    if (series === undefined) {
      if (this.#pairs.size >= this.#pairsMax) return null;
      series = {
        role: roleOf(from, to),
        from: from.place,
        to: to.place,
        gapsMs: [],
        bins: [],
        slowest: [],
        slowestMs: -Infinity,
        seen: 0,
        stride: 1,
      };
      this.#pairs.set(key, series);
    }
    return series;
  }
}

const PLACES_MAX = 2 ** 24;
const GAPS_MAX = 1000;

function keepGap(series: DelaySeries, gapMs: number, bin: number): void {
  series.seen += 1;
  if (series.seen % series.stride !== 0) return;
  if (series.gapsMs.length >= GAPS_MAX) {
    series.stride *= 2;
    for (const values of [series.gapsMs, series.bins]) {
      const kept = values.filter((_, index) => index % 2 === 1);
      values.splice(0, values.length, ...kept);
    }
    if (series.seen % series.stride !== 0) return;
  }
  series.gapsMs.push(gapMs);
  series.bins.push(bin);
}

function roleOf(from: PathEvent, to: PathEvent): DelayRole {
  if (from.line.service === to.line.service) return 'within';
  return to.opensSpan ? 'call' : 'answer';
}
