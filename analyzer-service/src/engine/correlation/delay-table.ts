import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { Place, RequestPath } from './request-path.ts';

/** The time between two consecutive lines of one request, over many requests. */
export interface DelaySeries {
  readonly from: number;
  readonly to: number;
  /** Gaps in milliseconds with the bin of the window they fall into; -1 for the baseline. */
  readonly gapsMs: number[];
  readonly bins: number[];
}

/** Collects the gaps between the lines of requests, bounded by the number of pairs and of gaps a pair. */
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
    for (let index = 1; index < path.events.length; index += 1) {
      const from = path.events[index - 1];
      const to = path.events[index];
      if (from === undefined || to === undefined) continue;
      const slot = this.#grid.slot(to.line.timeMs);
      const series = slot < 0 ? null : this.#find(from.place, to.place);
      if (series === null || series.gapsMs.length >= GAPS_MAX) {
        this.droppedGaps += 1;
        continue;
      }
      series.gapsMs.push(to.line.timeMs - from.line.timeMs);
      series.bins.push(slot < this.#grid.windowBins ? slot : -1);
    }
  }

  #find(from: number, to: number): DelaySeries | null {
    const key = from * PLACES_MAX + to;
    let series = this.#pairs.get(key);
    if (series === undefined) {
      if (this.#pairs.size >= this.#pairsMax) return null;
      this.#pairs.set(key, (series = { from, to, gapsMs: [], bins: [] }));
    }
    return series;
  }
}

const PLACES_MAX = 2 ** 24;
const GAPS_MAX = 2000;

/** Whether the gap lies within one service; otherwise the time went to the way between two. */
export function isWithinService(series: DelaySeries, places: readonly Place[]): boolean {
  return places[series.from]?.service === places[series.to]?.service;
}
