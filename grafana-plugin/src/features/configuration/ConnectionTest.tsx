import { useState } from 'react';
import { t } from '@grafana/i18n';
import { Alert, Button, Stack } from '@grafana/ui';
import { LoadingState } from '../../shared/LoadingState';
import { useAnswer } from '../../shared/useAnswer';
import { testConnection } from './testConnection';

/** Tests what Grafana holds, not what stands in the form: save first. */
export function ConnectionTest() {
  const [round, setRound] = useState(0);
  const { answer, loading } = useAnswer(round === 0 ? null : String(round), testConnection);
  return (
    <Stack direction="column" gap={2}>
      <div>
        <Button variant="secondary" icon="bolt" onClick={() => setRound(round + 1)} disabled={loading}>
          {t('configuration.test.button', 'Test the connection')}
        </Button>
      </div>
      {loading && <LoadingState text={t('configuration.test.running', 'Asking the analyzer ...')} />}
      {answer && !loading && (
        <Alert severity={answer.severity} title={answer.title}>
          {answer.details.map((detail) => (
            <div key={detail}>{detail}</div>
          ))}
        </Alert>
      )}
    </Stack>
  );
}
