import type { LineSeries } from '../anomalies/line-series.ts';
import { keepFirst } from '../anomalies/line-series.ts';
import type { Observations, ServiceObservation, TemplateObservation } from '../anomalies/observation.ts';
import { baselineDispersion, pooledDispersion, sumOf } from '../anomalies/observation.ts';
import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { KnownPatternRef, Severity } from '../finding.ts';
import type { Level, LogLine } from '../log-line.ts';
import { isErrorLevel } from '../log-line.ts';
import type { Template } from '../templates/template.ts';
import type { ExactCounts } from './exact-counts.ts';

export type PatternMatcher = (text: string) => (KnownPatternRef & { readonly severity: Severity }) | null;

interface MergedSeries {
  readonly service: string;
  readonly level: Level;
  readonly template: Template;
  readonly slots: Float64Array;
  lines: number;
  squaredWeights: number;
  readonly firstLines: (LogLine | undefined)[];
  lastMs: number;
}

/** Brings series of the same final template together, estimates how bursty each is, and sums up each service. */
export function observe(
  grid: TimeGrid,
  table: readonly LineSeries[],
  resolve: (handle: number) => Template,
  exact: ExactCounts,
  knownPatterns: PatternMatcher,
): Observations {
  const merged = mergeByTemplate(table, resolve);
  const dispersions = merged.map((series) => dispersionOfSeries(series, grid));
  const pooled = pooledDispersion(dispersions);
  const templates = merged.map((series, index): TemplateObservation => {
    const example = series.firstLines.find((line) => line !== undefined);
    return {
      service: series.service,
      level: series.level,
      template: { id: series.template.id, text: series.template.text },
      pattern: example === undefined ? null : knownPatterns(example.text),
      slots: series.slots,
      windowCount: sumOf(series.slots, 0, grid.windowBins),
      baselineCount: sumOf(series.slots, grid.windowBins, grid.slots),
      dispersion: (dispersions[index] ?? pooled) * meanSquareWeight(series),
      firstLines: series.firstLines,
      lastMs: series.lastMs,
    };
  });
  const services = observeServices(grid, merged, exact);
  const traffic = new Float64Array(grid.slots);
  for (const service of services) addInto(traffic, service.lines);
  return { grid, templates, services, traffic };
}

function mergeByTemplate(
  table: readonly LineSeries[],
  resolve: (handle: number) => Template,
): MergedSeries[] {
  const byKey = new Map<string, MergedSeries>();
  for (const series of table) {
    const template = resolve(series.handle);
    const key = `${series.level} ${template.id} ${series.service}`;
    let merged = byKey.get(key);
    if (merged === undefined) {
      const { service, level } = series;
      const slots = new Float64Array(series.slots.length);
      byKey.set(
        key,
        (merged = {
          service,
          level,
          template,
          slots,
          lines: 0,
          squaredWeights: 0,
          firstLines: [],
          lastMs: -Infinity,
        }),
      );
    }
    addInto(merged.slots, series.slots);
    merged.lines += series.lines;
    merged.squaredWeights += series.squaredWeights;
    keepFirst(merged.firstLines, series.firstLines);
    merged.lastMs = Math.max(merged.lastMs, series.lastMs);
  }
  return [...byKey].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, series]) => series);
}

/** How bursty a series is beyond what its sampling explains; null where it is too rare to tell. */
function dispersionOfSeries(series: MergedSeries, grid: TimeGrid): number | null {
  const dispersion = baselineDispersion(series.slots, grid);
  return dispersion === null ? null : Math.max(1, dispersion / meanSquareWeight(series));
}

/** The mean weight of a line, where each counts by its weight: sampled lines are that much less certain. At least 1. */
function meanSquareWeight(series: MergedSeries): number {
  const weight = sumOf(series.slots, 0, series.slots.length);
  return weight > 0 ? Math.max(1, series.squaredWeights / weight) : 1;
}

function observeServices(
  grid: TimeGrid,
  merged: readonly MergedSeries[],
  exact: ExactCounts,
): ServiceObservation[] {
  const names = [...new Set([...merged.map((series) => series.service), ...exact.services()])].sort();
  const drafts = names.map((service) => {
    const own = merged.filter((series) => series.service === service);
    const counted = exact.of(service);
    const lines = counted?.lines ?? new Float64Array(grid.slots);
    const errors = counted?.errors ?? new Float64Array(grid.slots);
    const firstLines: (LogLine | undefined)[] = [];
    const firstErrors: (LogLine | undefined)[] = [];
    for (const series of own) {
      const failed = isErrorLevel(series.level);
      if (counted === null) addInto(lines, series.slots);
      if (counted === null && failed) addInto(errors, series.slots);
      keepFirst(firstLines, series.firstLines);
      if (failed) keepFirst(firstErrors, series.firstLines);
    }
    const weight = counted === null ? Math.max(1, ...own.map(meanSquareWeight)) : counted.dispersionFactor;
    return { service, lines, errors, firstLines, firstErrors, weight };
  });
  const pooled = pooledDispersion(drafts.map(({ lines }) => baselineDispersion(lines, grid)));
  const pooledErrors = pooledDispersion(drafts.map(({ errors }) => baselineDispersion(errors, grid)));
  return drafts.map(({ service, lines, errors, firstLines, firstErrors, weight }) => ({
    service,
    lines,
    errors,
    firstLines,
    firstErrors,
    lineDispersion: weight * (baselineDispersion(lines, grid) ?? pooled),
    errorDispersion: weight * (baselineDispersion(errors, grid) ?? pooledErrors),
  }));
}

function addInto(sum: Float64Array, slots: Float64Array): void {
  for (let index = 0; index < sum.length; index += 1) sum[index] = (sum[index] ?? 0) + (slots[index] ?? 0);
}
