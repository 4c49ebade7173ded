import type { AiLogsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { t } from '../t';

type Finding = AiLogsAnswer['findings'][number];

/** What a finding says, in a word or two. */
export function kindName(kind: Finding['kind']): string {
  switch (kind) {
    case 'new_template':
      return t('troubleshoot.kind.newTemplate', 'new wording');
    case 'elevated_template':
      return t('troubleshoot.kind.elevatedTemplate', 'more often');
    case 'gone_template':
      return t('troubleshoot.kind.goneTemplate', 'no longer written');
    case 'known_pattern':
      return t('troubleshoot.kind.knownPattern', 'known fault');
    case 'error_rate':
      return t('troubleshoot.kind.errorRate', 'error rate');
    case 'volume':
      return t('troubleshoot.kind.volume', 'volume');
    case 'latency':
      return t('troubleshoot.kind.latency', 'latency');
    case 'silence':
      return t('troubleshoot.kind.silence', 'silence');
    case 'cascade':
      return t('troubleshoot.kind.cascade', 'cascade');
    case 'parameter_shift':
      return t('troubleshoot.kind.parameterShift', 'other values');
    case 'request_break':
      return t('troubleshoot.kind.requestBreak', 'requests break');
    case 'config_change':
      return t('troubleshoot.kind.configChange', 'change');
    default:
      return kind;
  }
}
