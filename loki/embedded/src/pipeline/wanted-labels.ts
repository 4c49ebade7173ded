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
  if (unwrap && grouping.labels.length === 0) return null;
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
  switch (stage.kind) {
    case 'label-filter':
      return labelsOfFilter(stage.filter);
    case 'line-format':
      return templateFields(stage.template);
    case 'label-format':
      return stage.formats.flatMap(({ kind, value }) =>
        kind === 'rename' ? [value] : templateFields(value),
      );
    default:
      return [];
  }
}

function labelsOfFilter(filter: LabelFilter): string[] {
  switch (filter.kind) {
    case 'match':
      return [filter.matcher.name];
    case 'and':
    case 'or':
      return [...labelsOfFilter(filter.left), ...labelsOfFilter(filter.right)];
    default:
      return [filter.name];
  }
}
