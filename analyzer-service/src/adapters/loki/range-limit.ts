import type { TimeRange } from '../../engine/log-line.ts';
import { AppError } from '../../errors.ts';
import type { MetricSeries } from '../../ports.ts';

/** Parts of the range of at most `rangeMsMax`, oldest first, each of them whole steps long. */
export function splitRange({ startMs, endMs }: TimeRange, stepMs: number, rangeMsMax: number): TimeRange[] {
  const partMs = Math.max(1, Math.floor(rangeMsMax / stepMs)) * stepMs;
  const parts: TimeRange[] = [];
  for (let fromMs = startMs; fromMs < endMs; fromMs += partMs)
    parts.push({ startMs: fromMs, endMs: Math.min(fromMs + partMs, endMs) });
  return parts;
}

/** Each point of a metric query stands for itself, so that parts laid end to end are exactly the whole. */
export function joinSeries(
  parts: readonly (readonly MetricSeries[])[],
  stepsOfPart: readonly number[],
): readonly MetricSeries[] {
  if (parts.length === 1) return parts[0] ?? [];
  const total = stepsOfPart.reduce((sum, steps) => sum + steps, 0);
  const joined = new Map<string, { readonly labels: MetricSeries['labels']; readonly values: number[] }>();
  let before = 0;
  for (const [index, part] of parts.entries()) {
    for (const { labels, values } of part) {
      const key = JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      let series = joined.get(key);
      if (!series) {
        series = { labels, values: Array.from<number>({ length: total }).fill(0) };
        joined.set(key, series);
      }
      for (const [step, value] of values.entries()) series.values[before + step] = value;
    }
    before += stepsOfPart[index] ?? 0;
  }
  return [...joined.values()];
}

const TOO_LONG = /time range exceeds the limit \(query length: [^,]+, limit: ([^)]+)\)/;
const UNIT_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

/** The longest range that Loki takes (max_query_length), when an error says that a query was longer; else null. */
export function rangeLimitOf(error: unknown): number | null {
  if (!(error instanceof AppError) || error.code !== 'query_rejected') return null;
  const limit = TOO_LONG.exec(error.message)?.[1] ?? '';
  const parts = [...limit.matchAll(/(\d+(?:\.\d+)?)(ms|[wdhms])/g)];
  const ms = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS],
    0,
  );
  return ms > 0 ? ms : null;
}
