import type { Level, LogLine } from '../log-line.ts';
import type { TimeGrid } from './time-grid.ts';

/** Counts over time of the lines of one service, level and template. */
export interface LineSeries {
  readonly service: string;
  readonly level: Level;
  /** The template miner's handle. */
  readonly handle: number;
  /** Weighted lines in each slot of the grid: window bins first. */
  readonly slots: Float64Array;
  /** Lines read, and the sum of the squares of their weights: sampling makes counts less certain. */
  lines: number;
  squaredWeights: number;
  /** The earliest line read in each bin of the window. */
  readonly firstLines: (LogLine | undefined)[];
  /** When the latest line read in the window was written; -Infinity when there is none. */
  lastMs: number;
}

/** What a table counted, as data that a thread can send. */
export type SeriesTableState = Pick<SeriesTable, 'series' | 'droppedLines'>;

/** Every series of an investigation, bounded: lines of series beyond the limit are counted, not kept. */
export class SeriesTable {
  readonly #grid: TimeGrid;
  readonly #seriesMax: number;
  readonly #byKey = new Map<string, Map<number, LineSeries>>();
  readonly series: LineSeries[] = [];
  droppedLines = 0;

  constructor(grid: TimeGrid, seriesMax: number) {
    this.#grid = grid;
    this.#seriesMax = seriesMax;
  }

  /** Counts the line in a slot and answers its series; null when the table is full. */
  add(line: LogLine, handle: number, slot: number): LineSeries | null {
    const series = this.#find(line, handle);
    if (series === null) {
      this.droppedLines += line.weight;
      return null;
    }
    series.slots[slot] = (series.slots[slot] ?? 0) + line.weight;
    series.lines += 1;
    series.squaredWeights += line.weight * line.weight;
    if (slot < this.#grid.windowBins) {
      const first = series.firstLines[slot];
      if (first === undefined || comesBefore(line, first)) series.firstLines[slot] = line;
      series.lastMs = Math.max(series.lastMs, line.timeMs);
    }
    return series;
  }

  /** Adds what another table of the same grid counted. `handleOf` translates its handles. */
  merge({ series, droppedLines }: SeriesTableState, handleOf: (handle: number) => number): void {
    this.droppedLines += droppedLines;
    for (const other of series) {
      const own = this.#find(other, handleOf(other.handle));
      if (own === null) {
        this.droppedLines += other.slots.reduce((sum, count) => sum + count, 0);
        continue;
      }
      for (let slot = 0; slot < own.slots.length; slot++)
        own.slots[slot] = (own.slots[slot] ?? 0) + (other.slots[slot] ?? 0);
      own.lines += other.lines;
      own.squaredWeights += other.squaredWeights;
      keepFirst(own.firstLines, other.firstLines);
      own.lastMs = Math.max(own.lastMs, other.lastMs);
    }
  }

  #find(line: Pick<LogLine, 'level' | 'service'>, handle: number): LineSeries | null {
    const key = `${line.level} ${line.service}`;
    let ofService = this.#byKey.get(key);
    if (ofService === undefined) this.#byKey.set(key, (ofService = new Map()));
    const known = ofService.get(handle);
    if (known !== undefined) return known;
    if (this.series.length >= this.#seriesMax) return null;
    const created: LineSeries = {
      service: line.service,
      level: line.level,
      handle,
      slots: new Float64Array(this.#grid.slots),
      lines: 0,
      squaredWeights: 0,
      firstLines: [],
      lastMs: -Infinity,
    };
    ofService.set(handle, created);
    this.series.push(created);
    return created;
  }
}

/** A total order of lines, so that the choice of evidence does not depend on the order of reading. */
export function comesBefore(line: LogLine, other: LogLine): boolean {
  if (line.timeMs !== other.timeMs) return line.timeMs < other.timeMs;
  if (line.service !== other.service) return line.service < other.service;
  return line.text < other.text;
}

/** Keeps the earlier line of each bin. */
export function keepFirst(kept: (LogLine | undefined)[], lines: readonly (LogLine | undefined)[]): void {
  for (let bin = 0; bin < lines.length; bin += 1) {
    const line = lines[bin];
    const known = kept[bin];
    if (line !== undefined && (known === undefined || comesBefore(line, known))) kept[bin] = line;
  }
}
