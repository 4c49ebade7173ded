import type { ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Stack, useStyles2 } from '@grafana/ui';
import type { AiLogsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { EmptyState } from '../../shared/EmptyState';
import { ExportMenu } from '../../shared/ExportMenu';
import { PartialNotice } from '../../shared/PartialNotice';
import { FindingCard } from '../../shared/findings/FindingCard';
import { SummaryPanel } from '../../shared/findings/SummaryPanel';
import { SuspectList } from '../../shared/findings/SuspectList';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import type { RawWindow } from '../../shared/timeWindow';

interface FoundViewProps {
  readonly answer: AiLogsAnswer | null;
  /** A newer answer is on its way. */
  readonly stale: boolean;
  readonly words: AiLogsAnswer['words'] | null;
  readonly window: RawWindow;
  readonly open: readonly string[];
  readonly onToggle: (id: string) => void;
  readonly onShow: (id: string) => void;
  /** There before the rest. */
  readonly timeline: ReactNode;
}

export function FoundView({
  answer,
  stale,
  words,
  window,
  open,
  onToggle,
  onShow,
  timeline,
}: FoundViewProps) {
  const styles = useStyles2(getStyles);
  if (!answer) {
    return timeline;
  }
  if (answer.counts.total === 0) {
    return (
      <EmptyState title={t('troubleshoot.none', 'No lines in this window')}>
        {t('troubleshoot.noneAdvice', 'Choose a longer time range, or fewer filters.')}
      </EmptyState>
    );
  }
  return (
    <div className={stale ? styles.stale : styles.found} aria-busy={stale}>
      <SummaryPanel {...answer} words={words ?? null} onFinding={onShow} />
      {timeline}
      <PartialNotice warnings={answer.warnings} />
      <div className={styles.columns}>
        <section className={styles.findings}>
          <Stack justifyContent="space-between" alignItems="center">
            <h2 className={styles.heading}>
              {t('troubleshoot.findings', '{{count}} findings', { count: answer.findings.length })}
            </h2>
            <ExportMenu name="findings" columns={EXPORTED} rows={() => exportRows(answer)} />
          </Stack>
          {answer.findings.map((finding, index) => (
            <FindingCard
              key={finding.id}
              rank={index + 1}
              finding={finding}
              window={window}
              open={open.includes(finding.id)}
              onToggle={onToggle}
            />
          ))}
          {answer.findings_left_out > 0 &&
            t('troubleshoot.leftOut', '{{count}} weaker findings are left out.', {
              count: answer.findings_left_out,
            })}
        </section>
        <SuspectList suspects={answer.suspects} />
      </div>
      <p className={styles.coverage} data-testid={testIds.troubleshoot.coverage}>
        {answer.coverage.note}
      </p>
    </div>
  );
}

const EXPORTED = ['severity', 'kind', 'service', 'since', 'title', 'lines', 'before', 'query'];

function exportRows({ findings }: AiLogsAnswer) {
  return findings.map(({ severity, kind, service, since, title, count, baseline_count, evidence_query }) => [
    severity,
    kind,
    service,
    since,
    title,
    count,
    baseline_count,
    evidence_query,
  ]);
}

const getStyles = (theme: GrafanaTheme2) => {
  const found = { display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), minWidth: 0 } as const;
  return {
    found: css(found),
    stale: css({ ...found, opacity: 0.6 }),
    columns: css({
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 1fr)',
      alignItems: 'start',
      gap: theme.spacing(1.5),
      [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
    }),
    findings: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), minWidth: 0 }),
    heading: css({ fontSize: theme.typography.h5.fontSize, margin: 0 }),
    coverage: css({ color: theme.colors.text.secondary }),
  };
};
