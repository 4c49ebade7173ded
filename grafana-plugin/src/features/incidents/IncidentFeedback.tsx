import { useState } from 'react';
import { Button, Field, Input, Stack } from '@grafana/ui';
import type { IncidentAnswer } from '../../../../analyzer-service/src/contract.ts';
import type { IncidentChange } from '../../shared/api';
import { t } from '../../shared/t';

interface IncidentFeedbackProps {
  readonly incident: IncidentAnswer;
  readonly onChange: (change: IncidentChange) => void;
}

/** Was the explanation right, and if not, what was it? */
export function IncidentFeedback({ incident, onChange }: IncidentFeedbackProps) {
  const [cause, setCause] = useState(incident.feedback?.true_cause ?? '');
  const verdict = incident.feedback?.verdict;
  const say = (said: 'right' | 'wrong') =>
    onChange({ feedback: { verdict: said, ...(cause.trim() ? { true_cause: cause.trim() } : {}) } });
  return (
    <Stack gap={1} alignItems="flex-end" wrap="wrap">
      <Field label={t('incidents.cause', 'True cause, if you know it')} noMargin>
        <Input
          id="sonde-incident-cause"
          width={50}
          maxLength={2_000}
          value={cause}
          onChange={(event) => setCause(event.currentTarget.value)}
        />
      </Field>
      <Button
        icon="check"
        variant={verdict === 'right' ? 'success' : 'secondary'}
        onClick={() => say('right')}
      >
        {t('incidents.right', 'The explanation is right')}
      </Button>
      <Button
        icon="times"
        variant={verdict === 'wrong' ? 'destructive' : 'secondary'}
        onClick={() => say('wrong')}
      >
        {t('incidents.wrong', 'It is wrong')}
      </Button>
    </Stack>
  );
}
