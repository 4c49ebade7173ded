import { t } from '../../shared/t';
import type { BASELINES, MODES } from './troubleshootUrl';

export function modeName(mode: (typeof MODES)[number]): string {
  switch (mode) {
    case 'troubleshoot':
      return t('troubleshoot.mode.troubleshoot', 'Everything that changed');
    case 'performance':
      return t('troubleshoot.mode.performance', 'Performance');
    case 'errors':
      return t('troubleshoot.mode.errors', 'Errors');
    case 'audit':
      return t('troubleshoot.mode.audit', 'Changes');
    case 'conversation':
      return t('troubleshoot.mode.conversation', 'AI conversations');
  }
}

export function baselineName(baseline: (typeof BASELINES)[number]): string {
  switch (baseline) {
    case 'previous':
      return t('troubleshoot.baseline.previous', 'the time before');
    case 'yesterday':
      return t('troubleshoot.baseline.yesterday', 'yesterday');
    case 'last_week':
      return t('troubleshoot.baseline.lastWeek', 'last week');
  }
}
