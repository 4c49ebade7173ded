import { AppEvents } from '@grafana/data';
import { getAppEvents } from '@grafana/runtime';
import { Button, RadioButtonGroup, Stack } from '@grafana/ui';
import type { IncidentsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { EmptyState } from '../../shared/EmptyState';
import { ErrorState } from '../../shared/ErrorState';
import { ExportMenu } from '../../shared/ExportMenu';
import { LoadingState } from '../../shared/LoadingState';
import { type IncidentChange, api } from '../../shared/api';
import { explainFailure } from '../../shared/apiError';
import { t } from '../../shared/t';
import { useAnswer } from '../../shared/useAnswer';
import { useLocationState } from '../../shared/useLocationState';
import { stateName } from './IncidentState';
import { IncidentList } from './IncidentList';
import { IncidentView } from './IncidentView';
import { STATES, readIncidents, writeIncidents } from './incidentsUrl';

/** What alert rules reported, put together by cause and explained. */
export default function IncidentsPage() {
  const [{ id, state }, change] = useLocationState(readIncidents, writeIncidents);
  return id ? (
    <OneIncident id={id} onBack={() => change({ id: '' })} />
  ) : (
    <AllIncidents
      state={state}
      onState={(next) => change({ state: next })}
      onIncident={(one) => change({ id: one })}
    />
  );
}

interface AllIncidentsProps {
  readonly state: ReturnType<typeof readIncidents>['state'];
  readonly onState: (state: AllIncidentsProps['state']) => void;
  readonly onIncident: (id: string) => void;
}

function AllIncidents({ state, onState, onIncident }: AllIncidentsProps) {
  const { answer, error, loading, reload } = useAnswer(`incidents ${state}`, (signal) =>
    api.incidents({ state, limit: 200 }, signal),
  );
  return (
    <Stack direction="column" gap={2}>
      <Stack gap={1} alignItems="center">
        <RadioButtonGroup
          aria-label={t('incidents.show', 'Which incidents are shown')}
          options={[
            { value: '' as const, label: t('incidents.all', 'all') },
            ...STATES.map((value) => ({ value, label: stateName(value) })),
          ]}
          value={state}
          onChange={onState}
        />
        <Button variant="secondary" icon="sync" onClick={reload} disabled={loading}>
          {t('incidents.refresh', 'Refresh')}
        </Button>
        {answer && answer.incidents.length > 0 && (
          <ExportMenu name="incidents" columns={EXPORTED} rows={() => answer.incidents.map(exportRow)} />
        )}
      </Stack>
      {error && (
        <ErrorState
          title={t('incidents.failed', 'The incidents could not be read')}
          error={error}
          onRetry={reload}
        />
      )}
      {loading && !answer && <LoadingState text={t('incidents.loading', 'Reading incidents ...')} />}
      {answer && answer.incidents.length === 0 && (
        <EmptyState title={t('incidents.none', 'No incidents')}>
          {t(
            'incidents.noneAdvice',
            "Let a contact point of Grafana's alerting call /api/v1/alerts/webhook of the analyzer: each alert then comes with an explanation.",
          )}
        </EmptyState>
      )}
      {answer && answer.incidents.length > 0 && (
        <IncidentList incidents={answer.incidents} onIncident={onIncident} />
      )}
    </Stack>
  );
}

const EXPORTED = ['id', 'state', 'incident', 'suspect', 'alerts', 'started', 'ended'];

function exportRow({
  id,
  state,
  title,
  suspect,
  alerts,
  started,
  ended,
}: IncidentsAnswer['incidents'][number]) {
  return [id, state, title, suspect, alerts, started, ended];
}

interface OneIncidentProps {
  readonly id: string;
  readonly onBack: () => void;
}

function OneIncident({ id, onBack }: OneIncidentProps) {
  const { answer, error, loading, reload } = useAnswer(`incident ${id}`, (signal) =>
    api.incident(id, signal),
  );
  const save = async (said: IncidentChange) => {
    try {
      await api.changeIncident(id, said);
      reload();
    } catch (failure) {
      const { message } = explainFailure(failure);
      getAppEvents().publish({ type: AppEvents.alertError.name, payload: [message] });
    }
  };
  return (
    <Stack direction="column" gap={2}>
      <div>
        <Button variant="secondary" size="sm" icon="arrow-left" onClick={onBack}>
          {t('incidents.back', 'All incidents')}
        </Button>
      </div>
      {error && (
        <ErrorState
          title={t('incidents.failedOne', 'The incident could not be read')}
          error={error}
          onRetry={reload}
        />
      )}
      {loading && !answer && <LoadingState text={t('incidents.loading', 'Reading incidents ...')} />}
      {answer && <IncidentView incident={answer} onChange={(said) => void save(said)} />}
    </Stack>
  );
}
