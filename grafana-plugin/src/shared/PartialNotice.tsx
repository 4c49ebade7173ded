import { Alert } from '@grafana/ui';
import { t } from './t';

/** What an answer lacks, in the analyzer's own words. Nothing when it lacks nothing. */
export function PartialNotice({ warnings }: { readonly warnings: readonly string[] }) {
  if (warnings.length === 0) {
    return null;
  }
  return (
    <Alert severity="warning" title={t('states.partial.title', 'This answer is not complete')}>
      {warnings.map((warning) => (
        <div key={warning}>{warning}</div>
      ))}
    </Alert>
  );
}
