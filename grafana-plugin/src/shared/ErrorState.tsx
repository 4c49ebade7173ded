import { Alert, Button, LinkButton, Stack } from '@grafana/ui';
import { PLUGIN_ID } from '../app/pluginId';
import type { ApiError } from './apiError';
import { t } from './t';

interface ErrorStateProps {
  /** What could not be done: "The findings could not be read". */
  readonly title: string;
  readonly error: ApiError;
  readonly onRetry?: () => void;
}

const SETTINGS_ARE_WRONG = ['analyzer_unreachable', 'analyzer_failed', 'unauthorized', 'forbidden'];

/** What went wrong, the way out, and the id to search the analyzer's log for. */
export function ErrorState({ title, error, onRetry }: ErrorStateProps) {
  const settings = SETTINGS_ARE_WRONG.includes(error.code);
  return (
    <Alert severity="error" title={title}>
      <Stack direction="column" gap={1}>
        <span>{error.message}</span>
        {error.requestId && (
          <small>{t('states.error.request', 'Request {{id}}', { id: error.requestId })}</small>
        )}
        <Stack gap={1}>
          {onRetry && (
            <Button size="sm" variant="secondary" icon="sync" onClick={onRetry}>
              {t('states.error.retry', 'Try again')}
            </Button>
          )}
          {settings && (
            <LinkButton size="sm" variant="secondary" icon="cog" href={`/plugins/${PLUGIN_ID}`}>
              {t('states.error.settings', 'Open the configuration')}
            </LinkButton>
          )}
        </Stack>
      </Stack>
    </Alert>
  );
}
