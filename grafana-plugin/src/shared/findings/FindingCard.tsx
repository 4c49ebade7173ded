import { useState } from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2, dateTimeFormat } from '@grafana/data';
import { Badge, type BadgeColor, Button, Icon, LinkButton, Stack, useStyles2, useTheme2 } from '@grafana/ui';
import type { AiLogsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { CountSparkline } from '../CountSparkline';
import { LogLines } from '../LogLines';
import { QueryLinks } from '../QueryLinks';
import { formatCount } from '../formatNumbers';
import { requestOfLine } from '../requestOfLine';
import { t } from '../t';
import { testIds } from '../testIds';
import type { RawWindow } from '../timeWindow';
import { kindName } from './kindName';

/** Of a window of Loki, or of files; those have no query and no history. */
export type Finding = Omit<AiLogsAnswer['findings'][number], 'evidence_query' | 'history'> &
  Partial<Pick<AiLogsAnswer['findings'][number], 'evidence_query' | 'history'>>;

interface FindingCardProps {
  readonly rank: number;
  readonly finding: Finding;
  /** Null where Loki has no such lines. */
  readonly window: RawWindow | null;
  readonly open: boolean;
  readonly onToggle: (id: string) => void;
}

const EXAMPLES_SHOWN = 2;

/** What, where, since when, how strong, and the lines that show it. */
export function FindingCard({ rank, finding, window, open, onToggle }: FindingCardProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { id, severity, service, affected, title, since, count, baseline_count, series } = finding;
  const values = { count: formatCount(count), before: formatCount(baseline_count) };
  const changed =
    count === 1
      ? t('troubleshoot.finding.oneCount', '{{count}} line now, {{before}} before', values)
      : t('troubleshoot.finding.counts', '{{count}} lines now, {{before}} before', values);
  // A change of settings, for example, is one line and no count over time: better no chart than an empty one.
  const isCounted = series.some((step) => step > 0);
  return (
    <article className={styles.card} id={`finding-${id}`} data-testid={testIds.troubleshoot.finding}>
      <button type="button" className={styles.head} aria-expanded={open} onClick={() => onToggle(id)}>
        <span className={styles.tags}>
          <Icon name={open ? 'angle-down' : 'angle-right'} />
          <strong>{rank}</strong>
          <Badge color={severityColour(severity)} text={severity} />
          <Badge color="blue" text={kindName(finding.kind)} />
          <span>{[service, ...affected].join(' → ')}</span>
          {since && (
            <span className={styles.quiet}>
              {t('troubleshoot.finding.since', 'since {{time}}', {
                time: dateTimeFormat(since, { format: 'YYYY-MM-DD HH:mm:ss' }),
              })}
            </span>
          )}
        </span>
        <span className={styles.title}>{title}</span>
        <span className={styles.counts}>
          {isCounted && (
            <CountSparkline
              series={series}
              label={changed}
              width={160}
              height={28}
              colour={theme.colors.error.text}
            />
          )}
          <span className={styles.quiet}>{changed}</span>
        </span>
      </button>
      {open && <FindingDetails finding={finding} window={window} />}
    </article>
  );
}

function FindingDetails({ finding, window }: Pick<FindingCardProps, 'finding' | 'window'>) {
  const styles = useStyles2(getStyles);
  const [all, setAll] = useState(false);
  const { pattern, evidence, evidence_query, history } = finding;
  const request = evidence.map(requestOfLine).find((found) => found !== null);
  return (
    <div className={styles.details}>
      {pattern && (
        <div className={styles.pattern}>
          <p>{pattern.meaning}</p>
          <List title={t('troubleshoot.finding.next', 'Next steps')} items={pattern.next_steps} />
          <List title={t('troubleshoot.finding.causes', 'Usual causes')} items={pattern.causes} />
        </div>
      )}
      {history && <p className={styles.quiet}>{history}</p>}
      <div className={all ? undefined : styles.clamped}>
        <LogLines
          label={t('troubleshoot.finding.lines', 'Lines that show it')}
          lines={all ? evidence : evidence.slice(0, EXAMPLES_SHOWN)}
        />
      </div>
      <Stack gap={1} wrap="wrap">
        {evidence.length > 0 && (
          <Button
            size="sm"
            variant="secondary"
            icon="file-alt"
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            {all
              ? t('troubleshoot.finding.fewer', 'Show fewer lines')
              : t('troubleshoot.finding.show', 'Show lines')}
          </Button>
        )}
        {request && (
          <LinkButton size="sm" variant="secondary" icon="sitemap" href={request.href}>
            {t('troubleshoot.finding.request', 'Follow a request')}
          </LinkButton>
        )}
        {evidence_query && window && <QueryLinks query={evidence_query} window={window} />}
      </Stack>
    </div>
  );
}

function List({ title, items }: { readonly title: string; readonly items: readonly string[] }) {
  const styles = useStyles2(getStyles);
  return items.length === 0 ? null : (
    <div>
      <strong>{title}</strong>
      <ul className={styles.list}>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </div>
  );
}

function severityColour(severity: Finding['severity']): BadgeColor {
  return severity === 'critical' || severity === 'high'
    ? 'red'
    : severity === 'medium'
      ? 'orange'
      : 'darkgrey';
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  head: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.5),
    width: '100%',
    padding: theme.spacing(1, 1.5),
    border: 0,
    background: 'none',
    textAlign: 'left',
  }),
  tags: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
  title: css({ overflowWrap: 'anywhere', unicodeBidi: 'isolate' }),
  counts: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
  quiet: css({
    margin: 0,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  details: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    padding: theme.spacing(0, 1.5, 1.5),
  }),
  pattern: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 4),
    p: { margin: 0, width: '100%' },
  }),
  clamped: css({
    'li > span:last-child': {
      display: '-webkit-box',
      WebkitLineClamp: 4,
      WebkitBoxOrient: 'vertical',
      overflow: 'hidden',
    },
  }),
  list: css({ margin: 0, paddingLeft: theme.spacing(2) }),
});
