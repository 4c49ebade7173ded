import { useMemo, useState } from 'react';
import { Badge, type BadgeColor, Button, type Column, InteractiveTable, Stack, Text } from '@grafana/ui';
import type { ModelsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { EmptyState } from '../../shared/EmptyState';
import { ErrorState } from '../../shared/ErrorState';
import { LoadingState } from '../../shared/LoadingState';
import { api } from '../../shared/api';
import { type ApiError, explainFailure } from '../../shared/apiError';
import { formatCount } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { useAnswer } from '../../shared/useAnswer';

type Model = ModelsAnswer['models'][number];

/** The models that the analyzer knows, loaded and unloaded by hand. */
export function ModelsTab() {
  const { answer, error, loading, reload } = useAnswer('models', api.models);
  const { changing, failed, change } = useModelChange(reload);
  const models = useMemo(() => [...(answer?.models ?? [])], [answer]);
  const columns = useMemo(() => modelColumns(changing, change), [changing, change]);
  return (
    <Stack direction="column" gap={2}>
      <Text color="secondary">
        {t(
          'configuration.models.about',
          'Models are declared in the file that MODELS_CONFIG of the analyzer names. One is loaded when it is first needed; loading it here spares the first reader the wait. It takes a key of the role analyst.',
        )}
      </Text>
      {error && (
        <ErrorState
          title={t('configuration.models.failed', 'The models could not be read')}
          error={error}
          onRetry={reload}
        />
      )}
      {failed && (
        <ErrorState
          title={t('configuration.models.changeFailed', 'The model was not changed')}
          error={failed}
        />
      )}
      {loading && !answer && (
        <LoadingState text={t('configuration.models.loading', 'Asking for the models ...')} />
      )}
      {answer && models.length === 0 && (
        <EmptyState title={t('configuration.models.none', 'No model is declared')}>
          {t(
            'configuration.models.noneAdvice',
            'Summaries are then written from the findings alone. docs/models.md says how to declare one.',
          )}
        </EmptyState>
      )}
      {models.length > 0 && (
        <>
          <InteractiveTable columns={columns} data={models} getRowId={({ name }) => name} />
          <div>
            <Button size="sm" variant="secondary" icon="sync" onClick={reload} disabled={loading}>
              {t('configuration.models.refresh', 'Refresh')}
            </Button>
          </div>
        </>
      )}
    </Stack>
  );
}

/** One model at a time: what is being done with which, and why the last one failed. */
function useModelChange(onChanged: () => void) {
  const [changing, setChanging] = useState<string | null>(null);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const [change] = useState(() => async (name: string, action: 'load' | 'unload') => {
    setChanging(name);
    setFailed(null);
    try {
      await api.changeModel(name, action, new AbortController().signal);
    } catch (error) {
      setFailed(explainFailure(error));
    }
    setChanging(null);
    onChanged();
  });
  return { changing, failed, change };
}

function modelColumns(
  changing: string | null,
  change: (name: string, action: 'load' | 'unload') => Promise<void>,
): Array<Column<Model>> {
  return [
    { id: 'name', header: t('configuration.models.name', 'Model'), sortType: 'string' },
    { id: 'kind', header: t('configuration.models.kind', 'Kind'), sortType: 'string' },
    {
      id: 'state',
      header: t('configuration.models.state', 'State'),
      cell: ({ row }) => <StateBadge state={row.original.state} />,
    },
    {
      id: 'queued',
      header: t('configuration.models.queued', 'Requests'),
      cell: ({ row }) => formatCount(row.original.queued),
    },
    {
      id: 'actions',
      header: '',
      cell: ({ row: { original } }) => <ModelButton model={original} changing={changing} onChange={change} />,
    },
  ];
}

interface ModelButtonProps {
  readonly model: Model;
  readonly changing: string | null;
  readonly onChange: (name: string, action: 'load' | 'unload') => Promise<void>;
}

function ModelButton({ model: { name, state }, changing, onChange }: ModelButtonProps) {
  const action = state === 'unloaded' ? 'load' : 'unload';
  const label =
    action === 'load'
      ? t('configuration.models.load', 'Load {{name}}', { name })
      : t('configuration.models.unload', 'Unload {{name}}', { name });
  return (
    <Button
      size="sm"
      variant="secondary"
      icon={changing === name ? 'spinner' : undefined}
      disabled={changing !== null}
      onClick={() => void onChange(name, action)}
    >
      {label}
    </Button>
  );
}

const COLOURS: Readonly<Record<Model['state'], BadgeColor>> = {
  loaded: 'green',
  loading: 'blue',
  unloaded: 'darkgrey',
};

function StateBadge({ state }: Pick<Model, 'state'>) {
  return <Badge color={COLOURS[state]} text={stateName(state)} />;
}

function stateName(state: Model['state']): string {
  switch (state) {
    case 'loaded':
      return t('configuration.models.loaded', 'loaded');
    case 'loading':
      return t('configuration.models.isLoading', 'loading');
    case 'unloaded':
      return t('configuration.models.unloaded', 'not loaded');
  }
}
