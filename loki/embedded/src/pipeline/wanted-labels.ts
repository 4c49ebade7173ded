import type { Grouping, LabelFilter, Stage, Unwrap } from '../logql/syntax.ts';
import { templateFields } from '../stages/template/parse-template.ts';

/**
 * The labels that a metric query can use, as Loki limits its parsers to them: null when any label may be in
 * the result, empty when none is needed at all.
 */
export function wantedLabels(
  stages: readonly Stage[],
  unwrap: Unwrap | null,
  grouping: Grouping | null,
): ReadonlySet<string> | null {
  if (!grouping || grouping.without) return null;
  const wanted = new Set<string>();
  const add = (name: string): void => {
    wanted.add(name);
    if (name.endsWith('_extracted')) wanted.add(name.slice(0, -'_extracted'.length));
  };
  for (const name of [...grouping.labels, ...stages.flatMap(labelsUsedBy)]) add(name);
  if (unwrap) for (const name of [unwrap.label, ...unwrap.filters.flatMap(labelsOfFilter)]) add(name);
  return wanted;
}

function labelsUsedBy(stage: Stage): string[] {
  if (stage.kind === 'label-filter') return labelsOfFilter(stage.filter);
  if (stage.kind === 'line-format') return templateFields(stage.template);
  if (stage.kind !== 'label-format') return [];
  return stage.formats.flatMap(({ kind, value }) => (kind === 'rename' ? [value] : templateFields(value)));
}

function labelsOfFilter(filter: LabelFilter): string[] {
  if (filter.kind === 'match') return [filter.matcher.name];
  if ('left' in filter) return [...labelsOfFilter(filter.left), ...labelsOfFilter(filter.right)];
  return [filter.name];
}
