import { useState } from 'react';
import { AppEvents, dateTimeFormat } from '@grafana/data';
import { getAppEvents } from '@grafana/runtime';
import { Alert, Badge, Button, ConfirmModal, Stack, Text } from '@grafana/ui';
import type { AnalysisAnswer } from '../../../../analyzer-service/src/contract.ts';
import { ErrorState } from '../../shared/ErrorState';
import { LoadingState } from '../../shared/LoadingState';
import { ProgressBar } from '../../shared/ProgressBar';
import { api } from '../../shared/api';
import { explainFailure } from '../../shared/apiError';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import { AnalysisResultView } from './AnalysisResultView';
import { stateBadge } from './stateBadge';
import { useAnalysis } from './useAnalysis';

interface AnalysisViewProps {
  readonly id: string;
  readonly onBack: () => void;
  readonly onDeleted: () => void;
}

/** One analysis: how far it is, and then what it found. */
export function AnalysisView({ id, onBack, onDeleted }: AnalysisViewProps) {
  const { answer, error, loading, reload, progress } = useAnalysis(id);
  return (
    <Stack direction="column" gap={2}>
      <div>
        <Button variant="secondary" size="sm" icon="arrow-left" onClick={onBack}>
          {t('analyse.back', 'All analyses')}
        </Button>
      </div>
      {error && (
        <ErrorState
          title={t('analyse.readFailed', 'The analysis could not be read')}
          error={error}
          onRetry={reload}
        />
      )}
      {loading && !answer && <LoadingState text={t('analyse.loading', 'Reading the analysis ...')} />}
      {answer && (
        <>
          <Head analysis={answer} onDeleted={onDeleted} />
          {answer.state === 'failed' && (
            <Alert severity="error" title={t('analyse.ended', 'The analysis failed')}>
              {answer.error}
            </Alert>
          )}
          {(answer.state === 'waiting' || answer.state === 'running') && (
            <div role="status">
              <Text element="p">
                {answer.state === 'waiting' && progress === 0
                  ? t('analyse.waiting', 'Waiting for its turn ...')
                  : t('analyse.running', 'Analysing ... {{percent}} %', {
                      percent: Math.round(progress * 100),
                    })}
              </Text>
              <ProgressBar share={progress} label={t('analyse.progress', 'Progress of the analysis')} />
            </div>
          )}
          {answer.result && <AnalysisResultView result={answer.result} />}
        </>
      )}
    </Stack>
  );
}

function Head({
  analysis: { id, title, state, created, kept },
  onDeleted,
}: {
  readonly analysis: AnalysisAnswer;
  readonly onDeleted: () => void;
}) {
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    setAsking(false);
    try {
      await api.deleteAnalysis(id);
      onDeleted();
    } catch (error) {
      getAppEvents().publish({ type: AppEvents.alertError.name, payload: [explainFailure(error).message] });
    }
  };
  return (
    <Stack gap={1} alignItems="center" wrap="wrap">
      <Text element="h2" variant="h4" truncate>
        <bdi data-testid={testIds.analyse.title}>{title}</bdi>
      </Text>
      <Badge {...stateBadge(state)} />
      <Text color="secondary">{dateTimeFormat(created)}</Text>
      {!kept && (
        <Text color="warning">
          {t('analyse.notKept', 'Not kept: the database is away. Export what you need.')}
        </Text>
      )}
      <Button size="sm" variant="destructive" fill="outline" icon="trash-alt" onClick={() => setAsking(true)}>
        {t('analyse.delete', 'Delete')}
      </Button>
      <ConfirmModal
        isOpen={asking}
        title={t('analyse.deleteTitle', 'Delete this analysis?')}
        body={t('analyse.deleteBody', 'It is removed for everybody; when it still runs, it is stopped.')}
        confirmText={t('analyse.delete', 'Delete')}
        onConfirm={() => void remove()}
        onDismiss={() => setAsking(false)}
      />
    </Stack>
  );
}
