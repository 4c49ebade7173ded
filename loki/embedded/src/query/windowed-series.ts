import type { AnyRangeAggregator } from '../aggregations/range/range-aggregator.ts';
import { badRequest } from '../errors.ts';
import type { Labels } from '../pipeline/entry.ts';
import { labelsTextOf } from '../store/streams.ts';
import type { Series } from './series.ts';
import type { Windows } from './time-steps.ts';

/** Samples that fall into the same windows, [first, end). */
type Part = { readonly first: number; readonly end: number; readonly state: unknown };
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

  finish(): Series[] {
    return [...this.#series.values()].map((parts) => ({
      labels: parts.labels,
      values: this.#valuesOf(parts),
    }));
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

  #valuesOf({ byPlace }: Parts): (number | undefined)[] {
    const parts = [...byPlace.values()].toSorted((a, b) => a.first - b.first || a.end - b.end);
    const values: (number | undefined)[] = Array.from({ length: this.windows.count }, () => undefined);
    let from = 0;
    for (let window = 0; window < values.length; window += 1) {
      while ((parts[from]?.end ?? Infinity) <= window) from += 1;
      let state: unknown;
      for (let index = from; (parts[index]?.first ?? Infinity) <= window; index += 1) {
        const part = parts[index] as Part;
        if (part.end <= window) continue;
        state ??= this.#aggregator.create();
        this.#aggregator.merge(state, part.state);
      }
      if (state !== undefined) values[window] = this.#aggregator.result(state, this.windows.rangeNs);
    }
    return values;
  }
}
