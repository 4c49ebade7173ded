import type { Grouping } from '../../logql/syntax.ts';
import { groupLabels, signatureOf, type Series } from '../../query/series.ts';
import { vectorReducerOf } from './vector-operators.ts';

/** `sum`, `avg`, `count`, ...: one series for each group. */
export function reduceSeries(
  operator: string,
  grouping: Grouping | null,
  inner: readonly Series[],
): Series[] {
  const reduce = vectorReducerOf(operator);
  const groups = new Map<string, { labels: Series['labels']; members: Series[] }>();
  for (const series of inner) {
    const labels = groupLabels(series.labels, grouping);
    const key = signatureOf(labels);
    const group = groups.get(key);
    if (group) group.members.push(series);
    else groups.set(key, { labels, members: [series] });
  }
  return [...groups.values()].map(({ labels, members }) => ({
    labels,
    values: (members[0]?.values ?? []).map((_, step) => {
      const values = members.map((member) => member.values[step]).filter((value) => value !== undefined);
      return values.length === 0 ? undefined : reduce(values);
    }),
  }));
}
