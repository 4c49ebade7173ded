import { useState } from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2, dateTimeFormat } from '@grafana/data';
import { Stack, Text, useStyles2, useTheme2 } from '@grafana/ui';
import type { AnalysisResult } from '../../../../analyzer-service/src/contract.ts';
import { CountSparkline } from '../../shared/CountSparkline';
import { EmptyState } from '../../shared/EmptyState';
import { ExportMenu } from '../../shared/ExportMenu';
import { PartialNotice } from '../../shared/PartialNotice';
import { FindingCard } from '../../shared/findings/FindingCard';
import { SummaryPanel } from '../../shared/findings/SummaryPanel';
import { SuspectList } from '../../shared/findings/SuspectList';
import { formatCount } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import { TemplateTable } from './TemplateTable';
import { readFindings } from './readFindings';

/** What was found in the texts, with the lines that show it by file and number. */
export function AnalysisResultView({ result }: { readonly result: AnalysisResult }) {
  const styles = useStyles2(getStyles);
  const findings = readFindings(result);
  const [open, setOpen] = useState<readonly string[]>(findings.slice(0, 1).map(({ id }) => id));
  const show = (id: string) => {
    setOpen((last) => [...new Set([...last, id])]);
    document.getElementById(`finding-${id}`)?.scrollIntoView({ block: 'start' });
  };
  if (result.lines.read === 0) {
    return (
      <EmptyState title={t('analyse.empty', 'There are no lines in it')}>
        {t('analyse.emptyAdvice', 'Paste or drop a log that is not empty.')}
      </EmptyState>
    );
  }
  return (
    <div className={styles.result}>
      <SummaryPanel {...result} words={result.words} onFinding={show} />
      <Range result={result} />
      <PartialNotice warnings={result.warnings} />
      <div className={styles.columns}>
        <section className={styles.findings}>
          <Stack justifyContent="space-between" alignItems="center">
            <Text element="h2" variant="h5">
              {t('analyse.findings', 'Findings: {{count}}', { count: findings.length })}
            </Text>
            <ExportMenu name="analysis" columns={EXPORTED} rows={() => exportRows(result)} />
          </Stack>
          {findings.map((finding, index) => (
            <FindingCard
              key={finding.id}
              rank={index + 1}
              finding={finding}
              window={null}
              open={open.includes(finding.id)}
              onToggle={(id) =>
                setOpen((last) => (last.includes(id) ? last.filter((other) => other !== id) : [...last, id]))
              }
            />
          ))}
        </section>
        <SuspectList suspects={result.suspects} />
      </div>
      <TemplateTable templates={result.templates} leftOut={result.templates_left_out} />
      <Account result={result} />
    </div>
  );
}

/** When the lines are from, what they are compared with, and how many there were over that time. */
function Range({ result: { window, baseline, timeline } }: { readonly result: AnalysisResult }) {
  const theme = useTheme2();
  if (!window) {
    return (
      <Text color="secondary">
        {t('analyse.noTimes', 'No line carries a time: nothing can be said about when.')}
      </Text>
    );
  }
  const span = ({ start, end }: { start: string; end: string }) =>
    `${dateTimeFormat(start)} – ${dateTimeFormat(end)}`;
  return (
    <Stack direction="column" gap={0.5}>
      <Text color="secondary">
        {baseline
          ? t('analyse.range', '{{window}}, compared with {{baseline}}', {
              window: span(window),
              baseline: span(baseline),
            })
          : span(window)}
      </Text>
      <CountSparkline
        series={timeline.events}
        width={640}
        height={40}
        label={t('analyse.events', 'Lines over time')}
      />
      {timeline.errors.some((count) => count > 0) && (
        <CountSparkline
          series={timeline.errors}
          width={640}
          height={24}
          colour={theme.colors.error.text}
          label={t('analyse.errors', 'Error lines over time')}
        />
      )}
    </Stack>
  );
}

/** Every line is accounted for. */
function Account({ result: { lines, files } }: { readonly result: AnalysisResult }) {
  const { read, in_templates, rest, cut } = lines;
  return (
    <Text color="secondary" element="p">
      <span data-testid={testIds.analyse.account}>
        {t(
          'analyse.account',
          'Files: {{files}}. Lines: {{read}} = {{wordings}} in wordings + {{continued}} that continue others + {{blank}} blank + {{outside}} outside the time + {{rest}} not kept; {{cut}} were cut',
          {
            files: formatCount(files.length),
            read: formatCount(read),
            wordings: formatCount(in_templates),
            continued: formatCount(rest.continuation),
            blank: formatCount(rest.blank),
            outside: formatCount(rest.outside),
            rest: formatCount(rest.not_kept),
            cut: formatCount(cut),
          },
        )}
      </span>
    </Text>
  );
}

const EXPORTED = ['severity', 'kind', 'service', 'since', 'title', 'lines', 'before', 'evidence'];

function exportRows({ findings }: AnalysisResult) {
  return findings.map(({ severity, kind, service, since, title, count, baseline_count, evidence }) => [
    severity,
    kind,
    service,
    since,
    title,
    count,
    baseline_count,
    evidence.map(({ file, line_number }) => `${file}:${line_number}`).join(' '),
  ]);
}

const getStyles = (theme: GrafanaTheme2) => ({
  result: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), minWidth: 0 }),
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 1fr)',
    alignItems: 'start',
    gap: theme.spacing(1.5),
    [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
  findings: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), minWidth: 0 }),
});
