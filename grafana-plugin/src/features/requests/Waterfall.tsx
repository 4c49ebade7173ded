import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import type { RequestAnswer } from '../../../../analyzer-service/src/contract.ts';
import { formatMs } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';

const BAR_SHARE_MIN = 0.004;

/** The spans of one request over time, indented by who called whom. The dark part of a bar is the service's own time. */
export function Waterfall({ answer }: { readonly answer: RequestAnswer }) {
  const styles = useStyles2(getStyles);
  const { spans, broke_at, bottleneck } = answer;
  const totalMs = Math.max(1, answer.duration_ms, ...spans.map((span) => span.offset_ms + span.duration_ms));
  return (
    <table className={styles.table} data-testid={testIds.requests.waterfall}>
      <thead>
        <tr>
          <th>{t('requests.waterfall.service', 'Service')}</th>
          <th className={styles.number}>{t('requests.waterfall.duration', 'Duration')}</th>
          <th className={styles.number}>{t('requests.waterfall.self', 'Own time')}</th>
          <th>{t('requests.waterfall.time', '0 to {{total}}', { total: formatMs(totalMs) })}</th>
        </tr>
      </thead>
      <tbody>
        {spans.map((span, index) => (
          <tr key={index}>
            <td style={{ paddingLeft: 8 + span.depth * 16 }}>
              {span.service}
              {span.errors > 0 && (
                <Icon
                  name="exclamation-circle"
                  className={styles.failed}
                  title={t('requests.waterfall.errors', '{{errors}} error lines', { errors: span.errors })}
                />
              )}
              {broke_at?.service === span.service && (
                <strong className={styles.failed}> {t('requests.waterfall.broke', 'broke here')}</strong>
              )}
              {bottleneck?.service === span.service && (
                <span className={styles.slow}> {t('requests.waterfall.slow', 'took longest')}</span>
              )}
              {span.unanswered && <em> {t('requests.waterfall.unanswered', 'its caller gave up')}</em>}
              {span.asynchronous && <em> {t('requests.waterfall.async', 'nobody waited')}</em>}
            </td>
            <td className={styles.number}>{formatMs(span.duration_ms)}</td>
            <td className={styles.number}>{formatMs(span.self_ms)}</td>
            <td>
              <Bar span={span} totalMs={totalMs} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface BarProps {
  readonly span: RequestAnswer['spans'][number];
  readonly totalMs: number;
}

function Bar({ span, totalMs }: BarProps) {
  const theme = useTheme2();
  const colour = span.errors > 0 ? theme.colors.error.main : theme.colors.primary.main;
  const left = Math.min(1 - BAR_SHARE_MIN, span.offset_ms / totalMs);
  const width = Math.max(BAR_SHARE_MIN, Math.min(1 - left, span.duration_ms / totalMs));
  const own = span.duration_ms > 0 ? Math.min(1, span.self_ms / span.duration_ms) : 1;
  return (
    <svg width="100%" height="14" aria-hidden="true" preserveAspectRatio="none">
      <rect
        x={`${left * 100}%`}
        width={`${width * 100}%`}
        y="2"
        height="10"
        rx="2"
        fill={colour}
        opacity="0.35"
      />
      <rect x={`${left * 100}%`} width={`${width * own * 100}%`} y="2" height="10" rx="2" fill={colour} />
    </svg>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    borderCollapse: 'collapse',
    fontSize: theme.typography.bodySmall.fontSize,
    'th, td': {
      padding: theme.spacing(0.5, 1),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      textAlign: 'left',
    },
    'td:last-child, th:last-child': { width: '55%' },
  }),
  number: css({ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }),
  failed: css({ color: theme.colors.error.text, marginLeft: theme.spacing(0.5) }),
  slow: css({ color: theme.colors.warning.text }),
});
