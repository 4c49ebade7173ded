import { useMemo, useState } from 'react';
import { AppEvents, dateTimeFormat, getValueFormat, formattedValueToString } from '@grafana/data';
import { getAppEvents } from '@grafana/runtime';
import { Badge, Button, type Column, ConfirmModal, InteractiveTable, Stack, Text } from '@grafana/ui';
import type { AnalysisHead } from '../../../../analyzer-service/src/contract.ts';
import { EmptyState } from '../../shared/EmptyState';
import { ErrorState } from '../../shared/ErrorState';
import { ExportMenu } from '../../shared/ExportMenu';
import { LoadingState } from '../../shared/LoadingState';
import { api } from '../../shared/api';
import { explainFailure } from '../../shared/apiError';
import { t } from '../../shared/t';
import { useAnswer } from '../../shared/useAnswer';
import { stateBadge } from './stateBadge';

const PAGE_SIZE = 25;
const bytes = getValueFormat('bytes');

interface AnalysisHistoryProps {
  /** Id of the last one of the page before. */
  readonly before: string;
  readonly onPage: (before: string) => void;
  readonly onOpen: (id: string) => void;
}

/** What was analysed before, the latest first. */
export function AnalysisHistory({ before, onPage, onOpen }: AnalysisHistoryProps) {
  const { answer, error, loading, reload } = useAnswer(`analyses ${before}`, (signal) =>
    api.analyses({ before, limit: PAGE_SIZE }, signal),
  );
  const analyses = useMemo(() => [...(answer?.analyses ?? [])], [answer]);
  const columns = useMemo(() => historyColumns(onOpen), [onOpen]);
  return (
    <section aria-label={t('analyse.history', 'Analyses made before')}>
      <Stack direction="column" gap={1}>
        <Stack justifyContent="space-between" alignItems="center" wrap="wrap">
          <Text element="h2" variant="h5">
            {t('analyse.history', 'Analyses made before')}
          </Text>
          {analyses.length > 0 && (
            <Stack gap={1}>
              <ExportMenu name="analyses" columns={EXPORTED} rows={() => analyses.map(exportRow)} />
              <DeleteAll onDeleted={reload} />
            </Stack>
          )}
        </Stack>
        {error && (
          <ErrorState
            title={t('analyse.historyFailed', 'The history could not be read')}
            error={error}
            onRetry={reload}
          />
        )}
        {loading && !answer && <LoadingState text={t('analyse.historyLoading', 'Reading the history ...')} />}
        {answer && analyses.length === 0 && (
          <EmptyState title={t('analyse.none', 'Nothing was analysed yet')}>
            {t('analyse.noneAdvice', 'Paste some lines above, or drop files.')}
          </EmptyState>
        )}
        {analyses.length > 0 && (
          <InteractiveTable columns={columns} data={analyses} getRowId={({ id }) => id} />
        )}
        <Stack gap={1}>
          {before && (
            <Button size="sm" variant="secondary" onClick={() => onPage('')}>
              {t('analyse.latest', 'The latest')}
            </Button>
          )}
          {analyses.length === PAGE_SIZE && (
            <Button size="sm" variant="secondary" onClick={() => onPage(analyses.at(-1)?.id ?? '')}>
              {t('analyse.older', 'Older ones')}
            </Button>
          )}
        </Stack>
      </Stack>
    </section>
  );
}

function DeleteAll({ onDeleted }: { readonly onDeleted: () => void }) {
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    setAsking(false);
    try {
      await api.deleteAnalyses();
      onDeleted();
    } catch (error) {
      getAppEvents().publish({ type: AppEvents.alertError.name, payload: [explainFailure(error).message] });
    }
  };
  return (
    <>
      <Button size="sm" variant="destructive" fill="outline" icon="trash-alt" onClick={() => setAsking(true)}>
        {t('analyse.deleteAll', 'Delete all')}
      </Button>
      <ConfirmModal
        isOpen={asking}
        title={t('analyse.deleteAllTitle', 'Delete all analyses?')}
        body={t('analyse.deleteAllBody', 'Those of everybody are removed. It takes a key of the role admin.')}
        confirmText={t('analyse.deleteAll', 'Delete all')}
        onConfirm={() => void remove()}
        onDismiss={() => setAsking(false)}
      />
    </>
  );
}

function historyColumns(onOpen: (id: string) => void): Array<Column<AnalysisHead>> {
  return [
    {
      id: 'state',
      header: t('analyse.stateLabel', 'State'),
      cell: ({ row }) => <Badge {...stateBadge(row.original.state)} />,
    },
    {
      id: 'title',
      header: t('analyse.title', 'Files'),
      cell: ({ row: { original } }) => (
        <Button fill="text" size="sm" onClick={() => onOpen(original.id)}>
          <bdi>{original.title}</bdi>
        </Button>
      ),
    },
    {
      id: 'bytes',
      header: t('analyse.size', 'Size'),
      cell: ({ row }) => formattedValueToString(bytes(row.original.bytes, 1)),
    },
    {
      id: 'created',
      header: t('analyse.created', 'Made'),
      cell: ({ row }) => dateTimeFormat(row.original.created),
    },
    { id: 'actor', header: t('analyse.actor', 'By the key') },
  ];
}

const EXPORTED = ['id', 'state', 'files', 'bytes', 'made', 'by'];

function exportRow({ id, state, title, bytes: size, created, actor }: AnalysisHead) {
  return [id, state, title, size, created, actor];
}
