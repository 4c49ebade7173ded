import { Badge, type BadgeColor } from '@grafana/ui';
import { t } from '../../shared/t';
import type { PatternRow } from './PatternTable';

/** How a pattern's count compares with the baseline; a change that may be chance is grey. */
export function ChangeBadge({ change, significant }: Pick<PatternRow, 'change' | 'significant'>) {
  const { color, text } = describe(change);
  if (!text) {
    return null;
  }
  return (
    <Badge
      color={significant ? color : 'darkgrey'}
      text={text}
      tooltip={significant ? undefined : t('patterns.chance', 'This may be chance')}
    />
  );
}

function describe(change: PatternRow['change']): { readonly color: BadgeColor; readonly text: string } {
  switch (change) {
    case 'new':
      return { color: 'red', text: t('patterns.change.new', 'new') };
    case 'elevated':
      return { color: 'orange', text: t('patterns.change.elevated', 'elevated') };
    case 'gone':
      return { color: 'blue', text: t('patterns.change.gone', 'gone') };
    default:
      return { color: 'darkgrey', text: '' };
  }
}
