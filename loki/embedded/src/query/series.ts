import type { Grouping } from '../logql/syntax.ts';
import { noLabels, type Labels } from '../pipeline/entry.ts';
import { labelsTextOf } from '../store/streams.ts';

/** Values of a metric query under one set of labels, one for each time step; undefined where there is none. */
export type Series = { readonly labels: Labels; readonly values: (number | undefined)[] };

export const signatureOf = labelsTextOf;

export function groupLabels(labels: Labels, grouping: Grouping | null): Labels {
  if (!grouping) return {};
  const grouped = noLabels();
  if (grouping.without) {
    for (const name in labels) if (!grouping.labels.includes(name)) grouped[name] = labels[name] as string;
  } else {
    for (const name of grouping.labels) {
      const value = labels[name];
      if (value !== undefined && value !== '') grouped[name] = value;
    }
  }
  return grouped;
}
