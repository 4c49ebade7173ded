import { useState } from 'react';
import { Button, Combobox, Field, Input, Stack, Text } from '@grafana/ui';
import { ErrorState } from '../../shared/ErrorState';
import { LoadingState } from '../../shared/LoadingState';
import { WindowPicker } from '../../shared/WindowPicker';
import { api } from '../../shared/api';
import { t } from '../../shared/t';
import { useAnswer } from '../../shared/useAnswer';
import { useLocationState } from '../../shared/useLocationState';
import { useWindowTimes } from '../../shared/useWindowTimes';
import { GraphView } from './GraphView';
import { RequestView } from './RequestView';
import { ID_FIELDS, type IdField, readRequests, writeRequests } from './requestsUrl';

/** The service graph of a window, or one request's way through the services. */
export default function RequestsPage() {
  const [state, change] = useLocationState(readRequests, writeRequests);
  const { window, services, field, id } = state;
  const { times, refresh } = useWindowTimes(window);
  const { answer, error, loading, reload } = useAnswer(
    JSON.stringify([times, services, field, id]),
    (signal) => api.correlate({ ...times, services, ...(id ? { [field]: id } : {}) }, signal),
  );
  return (
    <Stack direction="column" gap={2}>
      <Stack justifyContent="space-between" wrap="wrap" gap={1}>
        <FindRequest field={field} id={id} onFind={(found) => change(found)} />
        <WindowPicker
          window={window}
          onWindow={(next) => change({ window: next })}
          onRefresh={refresh}
          loading={loading}
        />
      </Stack>
      {id && (
        <Stack gap={1} alignItems="center">
          <Button variant="secondary" size="sm" icon="arrow-left" onClick={() => change({ id: '' })}>
            {t('requests.back', 'Service graph')}
          </Button>
          <Text element="h3">{id}</Text>
        </Stack>
      )}
      {error && (
        <ErrorState
          title={t('requests.failed', 'The requests could not be read')}
          error={error}
          onRetry={reload}
        />
      )}
      {loading && !answer && (
        <LoadingState text={t('requests.loading', 'Following requests by their ids ...')} />
      )}
      {answer?.kind === 'graph' && !id && (
        <GraphView
          answer={answer}
          onRequest={({ field: name, value }) =>
            change({ id: value, field: ID_FIELDS.find((known) => known === name) ?? field })
          }
        />
      )}
      {answer?.kind === 'request' && id && <RequestView answer={answer} />}
    </Stack>
  );
}

interface FindRequestProps {
  readonly field: IdField;
  readonly id: string;
  readonly onFind: (found: { readonly field: IdField; readonly id: string }) => void;
}

function FindRequest({ field, id, onFind }: FindRequestProps) {
  const [typed, setTyped] = useState({ field, id });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onFind({ field: typed.field, id: typed.id.trim() });
      }}
    >
      <Stack gap={1} alignItems="flex-end">
        <Field label={t('requests.field', 'Field')} noMargin>
          <Combobox
            id="sonde-request-field"
            width={20}
            options={ID_FIELDS.map((value) => ({ value, label: value }))}
            value={typed.field}
            onChange={({ value }) => setTyped({ ...typed, field: value })}
          />
        </Field>
        <Field label={t('requests.id', 'Id of a request')} noMargin>
          <Input
            id="sonde-request-id"
            width={36}
            value={typed.id}
            onChange={(event) => setTyped({ ...typed, id: event.currentTarget.value })}
          />
        </Field>
        <Button type="submit" variant="secondary" disabled={typed.id.trim() === ''}>
          {t('requests.follow', 'Follow it')}
        </Button>
      </Stack>
    </form>
  );
}
