import { STEPS_A_BREATH, type Breather } from '../../breather.ts';
import type { Grouping } from '../../logql/syntax.ts';
import { groupLabels, signatureOf, type Series } from '../../query/series.ts';

/** `topk` and `bottomk`: at each instant, the series with the k largest or smallest values of each group. */
export async function topSeries(
  operator: 'topk' | 'bottomk',
  k: number,
  grouping: Grouping | null,
  inner: readonly Series[],
  breather: Breather,
): Promise<Series[]> {
  const sign = operator === 'topk' ? 1 : -1;
  const groups = Map.groupBy(inner, (series) => signatureOf(groupLabels(series.labels, grouping)));
  const kept = new Map<Series, (number | undefined)[]>();
  for (const members of groups.values()) {
    const steps = members[0]?.values.length ?? 0;
    for (let step = 0; step < steps; step += 1) {
      if (step % STEPS_A_BREATH === 0) await breather.breathe();
      const present = members.filter((series) => series.values[step] !== undefined);
      const best = present.toSorted(
        (a, b) => sign * compareValues(b.values[step] as number, a.values[step] as number),
      );
      for (const series of best.slice(0, k)) {
        let values = kept.get(series);
        if (!values) {
          values = Array.from({ length: steps }, () => undefined);
          kept.set(series, values);
        }
        values[step] = series.values[step];
      }
    }
  }
  const result = [...kept].map(([series, values]) => ({ labels: series.labels, values }));
  const [first] = result;
  return first?.values.length === 1 ? sortSeries(operator === 'topk', result) : result;
}

/** `sort` and `sort_desc`, for an instant; NaN comes last. */
export function sortSeries(descending: boolean, inner: readonly Series[]): Series[] {
  const sign = descending ? -1 : 1;
  return inner.toSorted((a, b) => sign * compareValues(a.values[0] ?? NaN, b.values[0] ?? NaN));
}

function compareValues(left: number, right: number): number {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  if (Number.isNaN(right)) return 1;
  return left === right ? 0 : left < right ? -1 : 1;
}
