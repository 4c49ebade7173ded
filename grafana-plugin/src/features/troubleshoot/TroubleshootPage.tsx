import { useCallback, useEffect, useState } from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2, dateTimeFormat } from '@grafana/data';
import { Alert, Stack, useStyles2 } from '@grafana/ui';
import { ErrorState } from '../../shared/ErrorState';
import { LoadingState } from '../../shared/LoadingState';
import { WindowPicker } from '../../shared/WindowPicker';
import { t } from '../../shared/t';
import { useLocationState } from '../../shared/useLocationState';
import { FoundView } from './FoundView';
import { Timeline } from './Timeline';
import { TroubleshootFilters } from './TroubleshootFilters';
import { readTroubleshoot, writeTroubleshoot } from './troubleshootUrl';
import { useTroubleshoot } from './useTroubleshoot';

/** What broke, since when, where it started, and the lines that prove it. */
export default function TroubleshootPage() {
  const styles = useStyles2(getStyles);
  const [state, change] = useLocationState(readTroubleshoot, writeTroubleshoot);
  const { window, lateSinceMs, counts, findings, words, loading, refresh } = useTroubleshoot(state);
  const asked = useAfterFirst();
  const found = findings.answer?.findings ?? [];
  const open = state.open ?? found.slice(0, 1).map(({ id }) => id);
  const toggle = useCallback(
    (id: string) =>
      change({ open: open.includes(id) ? open.filter((other) => other !== id) : [...open, id] }),
    [change, open],
  );
  const show = useCallback(
    (id: string) => {
      if (!open.includes(id)) {
        change({ open: [...open, id] });
      }
      document.getElementById(`finding-${id}`)?.scrollIntoView({ block: 'start' });
    },
    [change, open],
  );
  const zoom = (startMs: number, endMs: number) =>
    change({ window: { from: String(Math.floor(startMs)), to: String(Math.ceil(endMs)) }, open: null });
  return (
    <div className={styles.page}>
      <h1 className={styles.unseen}>{t('troubleshoot.title', 'Troubleshoot')}</h1>
      <Stack justifyContent="space-between" alignItems="flex-end" wrap="wrap" gap={1}>
        {asked && (
          <>
            <TroubleshootFilters
              state={state}
              services={(counts.answer?.by_service ?? []).map(({ service }) => service)}
              onChange={change}
            />
            <WindowPicker
              window={window}
              onWindow={(next) => change({ window: next, open: null })}
              onRefresh={refresh}
              loading={loading}
            />
          </>
        )}
      </Stack>
      {lateSinceMs !== null && (
        <Alert
          severity="info"
          title={t(
            'troubleshoot.late',
            'No lines since {{time}}: this is the half hour before. Choose a time range for another.',
            {
              time: dateTimeFormat(lateSinceMs),
            },
          )}
        />
      )}
      {loading && !findings.answer && (
        <LoadingState text={t('troubleshoot.loading', 'Looking for what differs from the time before ...')} />
      )}
      {counts.error && !findings.error && (
        <ErrorState
          title={t('troubleshoot.noCounts', 'The lines could not be counted')}
          error={counts.error}
          onRetry={counts.reload}
        />
      )}
      {findings.error && (
        <ErrorState
          title={t('troubleshoot.failed', 'The findings could not be read')}
          error={findings.error}
          onRetry={findings.reload}
        />
      )}
      <FoundView
        answer={findings.answer}
        stale={findings.loading}
        words={words}
        window={window}
        open={open}
        onToggle={toggle}
        onShow={show}
        timeline={
          counts.answer && counts.answer.totals.lines > 0 ? (
            <Timeline counts={counts.answer} findings={found} onZoom={zoom} onFinding={show} />
          ) : null
        }
      />
    </div>
  );
}

/** False for the first time that something is drawn: questions go out before the pickers, which take longer to draw. */
function useAfterFirst(): boolean {
  const [after, setAfter] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setAfter(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  return after;
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), minWidth: 0 }),
  unseen: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
});
