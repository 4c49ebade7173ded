import { LEVELS, type Level, type TimeRange, isErrorLevel, parseLevel } from '../../engine/log-line.ts';
import type { CountSeries } from '../../engine/investigation/exact-counts.ts';
import type { ReadContext } from './read-context.ts';
import { selector } from '../../engine/logql/selector.ts';
import { stepOf } from './time-window.ts';

/** Exact counts of every line that the filter selects, by service and level over time: one metric query. */
export async function countLines(
  context: ReadContext,
  range: TimeRange,
  purpose: string,
): Promise<readonly CountSeries[]> {
  const { labels, filter, source, signal } = context;
  const stepMs = stepOf(range);
  const query = `sum by (${labels.service}, ${labels.level}) (count_over_time(${selector(filter, labels)} [$step]))`;
  const series = await source.count(purpose, { query, range, stepMs, signal });
  return mergeSpellings(
    series.map(({ labels: of, values }) => ({
      service: of[labels.service] ?? '',
      level: parseLevel(of[labels.level] ?? ''),
      startMs: range.startMs,
      stepMs,
      counts: values,
    })),
  );
}

export function total(counts: readonly CountSeries[]): number {
  return counts.reduce((sum, series) => sum + sumOf(series.counts), 0);
}

export function totalByLevel(counts: readonly CountSeries[]): Partial<Record<Level, number>> {
  const byLevel = new Map<Level, number>();
  for (const series of counts) {
    byLevel.set(series.level, (byLevel.get(series.level) ?? 0) + sumOf(series.counts));
  }
  return Object.fromEntries(
    LEVELS.filter((level) => byLevel.get(level)).map((level) => [level, byLevel.get(level)]),
  );
}

/** Lines and error lines of each service. */
export function totalByService(
  counts: readonly CountSeries[],
): ReadonlyMap<string, { lines: number; errors: number }> {
  const byService = new Map<string, { lines: number; errors: number }>();
  for (const { service, level, counts: steps } of counts) {
    const entry = byService.get(service) ?? { lines: 0, errors: 0 };
    byService.set(service, entry);
    entry.lines += sumOf(steps);
    if (isErrorLevel(level)) entry.errors += sumOf(steps);
  }
  return byService;
}

/** The sum of all series, step by step. */
export function overTime(counts: readonly CountSeries[]): number[] {
  const steps = Array.from<number>({ length: counts[0]?.counts.length ?? 0 }).fill(0);
  for (const series of counts) {
    series.counts.forEach((count, step) => (steps[step] = (steps[step] ?? 0) + count));
  }
  return steps;
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Loki's `critical` and `fatal` are one level here: their series become one. */
function mergeSpellings(series: readonly CountSeries[]): readonly CountSeries[] {
  const merged = new Map<string, CountSeries>();
  for (const one of series) {
    const key = `${one.service}\n${one.level}`;
    const other = merged.get(key);
    merged.set(key, other ? { ...other, counts: overTime([other, one]) } : one);
  }
  return [...merged.values()];
}
