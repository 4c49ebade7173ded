import type { AnyRangeAggregator } from '../aggregations/range/range-aggregator.ts';
import { STEPS_A_BREATH, type Breather } from '../breather.ts';
import { badRequest } from '../errors.ts';
import type { Labels } from '../pipeline/entry.ts';
import { labelsTextOf } from '../store/streams.ts';
import type { Series } from './series.ts';
import { SlidingWindow, type Part } from './sliding-window.ts';
import type { Windows } from './time-steps.ts';

type Parts = { readonly labels: Labels; readonly byPlace: Map<number, Part> };

/** Collects the samples of a range aggregation by labels and by the windows they fall into. */
export class WindowedSeries {
  readonly windows: Windows;
  readonly #aggregator: AnyRangeAggregator;
  readonly #seriesMax: number;
  readonly #series = new Map<string, Parts>();

  constructor(aggregator: AnyRangeAggregator, windows: Windows, seriesMax: number) {
    this.#aggregator = aggregator;
    this.windows = windows;
    this.#seriesMax = seriesMax;
  }

  add(labels: Labels, value: number, relativeNs: number): void {
    this.addPart(labels, this.windows.first(relativeNs), this.windows.end(relativeNs), value, relativeNs);
  }

  addPart(labels: Labels, first: number, end: number, value: number, relativeNs: number): void {
    if (first >= end) return;
    const { byPlace } = this.#partsOf(labels);
    const place = first * (this.windows.count + 1) + end;
    let part = byPlace.get(place);
    if (!part) {
      part = { first, end, state: this.#aggregator.create() };
      byPlace.set(place, part);
    }
    this.#aggregator.add(part.state, value, relativeNs);
  }

  async finish(breather: Breather): Promise<Series[]> {
    const finished: Series[] = [];
    for (const { labels, byPlace } of this.#series.values()) {
      const parts = [...byPlace.values()].toSorted((a, b) => a.first - b.first || a.end - b.end);
      const state = this.#aggregator.keepsSamples ? this.#gather(parts) : this.#slide(parts);
      const values: (number | undefined)[] = [];
      for (let window = 0; window < this.windows.count; window += 1) {
        if (window % STEPS_A_BREATH === 0) await breather.breathe();
        const found = state(window);
        values.push(found === undefined ? undefined : this.#aggregator.result(found, this.windows.rangeNs));
      }
      finished.push({ labels, values });
    }
    return finished;
  }

  #partsOf(labels: Labels): Parts {
    const key = labelsTextOf(labels);
    let parts = this.#series.get(key);
    if (!parts) {
      if (this.#series.size >= this.#seriesMax)
        throw badRequest(`maximum of series (${this.#seriesMax}) reached for a single query`);
      parts = { labels, byPlace: new Map() };
      this.#series.set(key, parts);
    }
    return parts;
  }

  #slide(parts: readonly Part[]): (window: number) => unknown {
    const sliding = new SlidingWindow(this.#aggregator);
    let next = 0;
    return (window) => {
      for (let part = parts[next]; part && part.first <= window; part = parts[next]) {
        sliding.push(part);
        next += 1;
      }
      return sliding.stateAt(window);
    };
  }

  /** States that keep every sample are merged for each window anew. */
  #gather(parts: readonly Part[]): (window: number) => unknown {
    let from = 0;
    return (window) => {
      while ((parts[from]?.end ?? Infinity) <= window) from += 1;
      let state: unknown;
      for (let index = from; (parts[index]?.first ?? Infinity) <= window; index += 1) {
        state ??= this.#aggregator.create();
        this.#aggregator.merge(state, parts[index]?.state);
      }
      return state;
    };
  }
}
