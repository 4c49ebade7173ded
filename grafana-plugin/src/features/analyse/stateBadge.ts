import type { BadgeColor } from '@grafana/ui';
import type { AnalysisHead } from '../../../../analyzer-service/src/contract.ts';
import { t } from '../../shared/t';

/** How a state is shown. */
export function stateBadge(state: AnalysisHead['state']): {
  readonly color: BadgeColor;
  readonly text: string;
} {
  switch (state) {
    case 'waiting':
      return { color: 'darkgrey', text: t('analyse.state.waiting', 'waiting') };
    case 'running':
      return { color: 'blue', text: t('analyse.state.running', 'running') };
    case 'done':
      return { color: 'green', text: t('analyse.state.done', 'done') };
    case 'failed':
      return { color: 'red', text: t('analyse.state.failed', 'failed') };
  }
}
