import { useCallback, useState } from 'react';
import { AppEvents } from '@grafana/data';
import { getAppEvents } from '@grafana/runtime';
import { Combobox, Field, Input, Stack, Text } from '@grafana/ui';
import type { AnalyzeAnswer } from '../../../../analyzer-service/src/contract.ts';
import { EmptyState } from '../../shared/EmptyState';
import { ErrorState } from '../../shared/ErrorState';
import { ExportMenu } from '../../shared/ExportMenu';
import { LoadingState } from '../../shared/LoadingState';
import { PartialNotice } from '../../shared/PartialNotice';
import { WindowPicker } from '../../shared/WindowPicker';
import { api } from '../../shared/api';
import { explainFailure } from '../../shared/apiError';
import { t } from '../../shared/t';
import { useAnswer } from '../../shared/useAnswer';
import { useLocationState } from '../../shared/useLocationState';
import { useWindowTimes } from '../../shared/useWindowTimes';
import type { PatternChange } from './PatternActions';
import { PatternSum } from './PatternSum';
import { type PatternRow, PatternTable } from './PatternTable';
import { BASELINES, readPatterns, writePatterns } from './patternsUrl';

const PATTERNS_SHOWN_MAX = 500;

/** What a window's lines say, wording by wording, with counts that add up. */
export default function PatternsPage() {
  const [state, change] = useLocationState(readPatterns, writePatterns);
  const { window, services, severity, search, baseline } = state;
  const { times, refresh } = useWindowTimes(window);
  const question = { ...times, services, severity, search, baseline, limit: PATTERNS_SHOWN_MAX };
  const { answer, error, loading, reload } = useAnswer(JSON.stringify(question), (signal) =>
    api.analyze(question, signal),
  );
  const changePattern = useCallback(
    (pattern: PatternRow, said: PatternChange) => void saveChange(pattern, said, reload),
    [reload],
  );
  return (
    <Stack direction="column" gap={2}>
      <Stack justifyContent="space-between" alignItems="flex-end" wrap="wrap" gap={1}>
        <Stack gap={1} alignItems="flex-end">
          <Field label={t('patterns.compare', 'Compare with')} noMargin>
            <Combobox
              id="sonde-patterns-baseline"
              width={22}
              options={BASELINES.map((value) => ({ value, label: baselineName(value) }))}
              value={baseline}
              onChange={({ value }) => change({ baseline: value })}
            />
          </Field>
          <TextFilter
            key={`services-${services}`}
            id="sonde-patterns-services"
            label={t('patterns.services', 'Services')}
            value={services}
            onValue={(value) => change({ services: value })}
          />
          <TextFilter
            key={`search-${search}`}
            id="sonde-patterns-search"
            label={t('patterns.search', 'Contains')}
            value={search}
            onValue={(value) => change({ search: value })}
          />
        </Stack>
        <WindowPicker
          window={window}
          onWindow={(next) => change({ window: next })}
          onRefresh={refresh}
          loading={loading}
        />
      </Stack>
      {error && (
        <ErrorState
          title={t('patterns.failed', 'The patterns could not be read')}
          error={error}
          onRetry={reload}
        />
      )}
      {loading && !answer && (
        <LoadingState text={t('patterns.loading', 'Sorting lines by their wording ...')} />
      )}
      {answer && answer.lines === 0 && (
        <EmptyState title={t('patterns.none', 'No lines in this window')}>
          {t('patterns.noneAdvice', 'Choose a longer window, or fewer filters.')}
        </EmptyState>
      )}
      {answer && answer.lines > 0 && (
        <>
          <Stack justifyContent="space-between" wrap="wrap" gap={1}>
            <PatternSum answer={answer} />
            <ExportMenu name="patterns" columns={EXPORTED} rows={() => exportRows(answer)} />
          </Stack>
          <PartialNotice warnings={answer.warnings} />
          <PatternTable patterns={answer.patterns} window={window} onChange={changePattern} />
          <Text color="secondary">{answer.coverage.note}</Text>
        </>
      )}
    </Stack>
  );
}

interface TextFilterProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function TextFilter({ id, label, value, onValue }: TextFilterProps) {
  const [typed, setTyped] = useState(value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onValue(typed.trim());
      }}
    >
      <Field label={label} noMargin>
        <Input
          id={id}
          width={24}
          maxLength={500}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => typed.trim() !== value && onValue(typed.trim())}
        />
      </Field>
    </form>
  );
}

function baselineName(baseline: (typeof BASELINES)[number]): string {
  switch (baseline) {
    case 'previous':
      return t('patterns.baseline.previous', 'the time before');
    case 'yesterday':
      return t('patterns.baseline.yesterday', 'yesterday');
    case 'last_week':
      return t('patterns.baseline.lastWeek', 'last week');
    case 'none':
      return t('patterns.baseline.none', 'nothing');
  }
}

const EXPORTED = [
  'pattern',
  'name',
  'service',
  'level',
  'lines',
  'before',
  'change',
  'first_seen',
  'last_seen',
];

function exportRows({ patterns }: AnalyzeAnswer) {
  return patterns.map((row) => [
    row.text,
    row.name,
    row.service,
    row.level,
    row.count,
    row.baseline_count,
    row.change,
    row.first_seen,
    row.last_seen,
  ]);
}

async function saveChange(pattern: PatternRow, said: PatternChange, reload: () => void): Promise<void> {
  try {
    await changeOrKeep(pattern, said);
    reload();
  } catch (error) {
    getAppEvents().publish({ type: AppEvents.alertError.name, payload: [explainFailure(error).message] });
  }
}

/** A template that the analyzer has not learned yet is kept as a pattern of one's own. */
async function changeOrKeep(pattern: PatternRow, said: PatternChange): Promise<void> {
  try {
    await api.changePattern(pattern.id, said);
  } catch (error) {
    if (explainFailure(error).code !== 'not_found') {
      throw error;
    }
    const text = pattern.text.slice(0, 500);
    await api.createPattern({ name: text.replace(/\s+/g, ' ').slice(0, 80), text, ...said });
  }
}
