import type { LogLine } from '../log-line.ts';
import type { LogHistogramState } from './log-histogram.ts';
import { LogHistogram } from './log-histogram.ts';
import type { MeasuredValue } from './measured-values.ts';
import type { TimeGrid } from './time-grid.ts';

/** A number that lines of one service and template measure, in the window and in the baseline. */
export interface MeasuredSeries {
  readonly service: string;
  readonly handle: number;
  readonly name: string;
  readonly unit: MeasuredValue['unit'];
  /** One histogram a slot group: the window in twelve parts, then the baseline as a whole. */
  readonly windowParts: LogHistogram[];
  readonly baseline: LogHistogram;
  /** The line with the largest value in each part of the window. */
  readonly largest: ({ readonly line: LogLine; readonly value: number } | undefined)[];
}

export interface MeasuredTableState {
  readonly series: readonly (Omit<MeasuredSeries, 'windowParts' | 'baseline'> & {
    readonly windowParts: readonly LogHistogramState[];
    readonly baseline: LogHistogramState;
  })[];
  readonly droppedValues: number;
}

export const WINDOW_PARTS = 12;

/** All measured series, bounded; values of series beyond the limit are counted, not kept. */
export class MeasuredTable {
  readonly #grid: TimeGrid;
  readonly #seriesMax: number;
  readonly #byKey = new Map<string, MeasuredSeries>();
  droppedValues = 0;

  constructor(grid: TimeGrid, seriesMax: number) {
    this.#grid = grid;
    this.#seriesMax = seriesMax;
  }

  get series(): readonly MeasuredSeries[] {
    return [...this.#byKey.values()];
  }

  add(line: LogLine, handle: number, slot: number, measured: MeasuredValue): void {
    const series = this.#find(line, handle, measured);
    if (series === null) {
      this.droppedValues += 1;
      return;
    }
    if (slot >= this.#grid.windowBins) {
      series.baseline.add(measured.value);
      return;
    }
    const part = Math.floor((slot * WINDOW_PARTS) / this.#grid.windowBins);
    series.windowParts[part]?.add(measured.value);
    const largest = series.largest[part];
    if (largest === undefined || measured.value > largest.value) {
      series.largest[part] = { line, value: measured.value };
    }
  }

  /** What was measured, as data that a thread can send. */
  state(): MeasuredTableState {
    const series = this.series.map(({ windowParts, baseline, ...rest }) => ({
      ...rest,
      windowParts: windowParts.map((part) => part.state()),
      baseline: baseline.state(),
    }));
    return { series, droppedValues: this.droppedValues };
  }

  /** Adds what another table of the same grid measured. `handleOf` translates its handles. */
  merge({ series, droppedValues }: MeasuredTableState, handleOf: (handle: number) => number): void {
    this.droppedValues += droppedValues;
    for (const other of series) {
      const own = this.#find(other, handleOf(other.handle), other);
      if (own === null) {
        for (const part of [...other.windowParts, other.baseline])
          for (const weight of part.values()) this.droppedValues += weight;
        continue;
      }
      own.baseline.mergeState(other.baseline);
      other.windowParts.forEach((part, index) => own.windowParts[index]?.mergeState(part));
      other.largest.forEach((largest, part) => {
        if (largest && largest.value > (own.largest[part]?.value ?? -Infinity)) own.largest[part] = largest;
      });
    }
  }

  #find(
    line: Pick<LogLine, 'service'>,
    handle: number,
    measured: Pick<MeasuredValue, 'name' | 'unit'>,
  ): MeasuredSeries | null {
    const key = `${line.service}\n${handle}\n${measured.name}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    if (this.#byKey.size >= this.#seriesMax) return null;
    const created: MeasuredSeries = {
      service: line.service,
      handle,
      name: measured.name,
      unit: measured.unit,
      windowParts: Array.from({ length: WINDOW_PARTS }, () => new LogHistogram()),
      baseline: new LogHistogram(),
      largest: [],
    };
    this.#byKey.set(key, created);
    return created;
  }
}
