import { STEPS_A_BREATH, type Breather } from '../../breather.ts';
import type { Grouping } from '../../logql/syntax.ts';
import { groupLabels, signatureOf, type Series } from '../../query/series.ts';
import { vectorReducerOf } from './vector-operators.ts';

/** `sum`, `avg`, `count`, ...: one series for each group. */
export async function reduceSeries(
  operator: string,
  grouping: Grouping | null,
  inner: readonly Series[],
  breather: Breather,
): Promise<Series[]> {
  const reduce = vectorReducerOf(operator);
  const groups = new Map<string, { labels: Series['labels']; members: Series[] }>();
  for (const series of inner) {
    const labels = groupLabels(series.labels, grouping);
    const key = signatureOf(labels);
    const group = groups.get(key);
    if (group) group.members.push(series);
    else groups.set(key, { labels, members: [series] });
  }
  const reduced: Series[] = [];
  for (const { labels, members } of groups.values()) {
    const values: (number | undefined)[] = [];
    for (let step = 0; step < (members[0]?.values.length ?? 0); step += 1) {
      if (step % STEPS_A_BREATH === 0) await breather.breathe();
      const present = members.map((member) => member.values[step]).filter((value) => value !== undefined);
      values.push(present.length === 0 ? undefined : reduce(present));
    }
    reduced.push({ labels, values });
  }
  return reduced;
}
