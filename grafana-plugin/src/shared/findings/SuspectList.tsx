import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { AiLogsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { formatShare } from '../formatNumbers';
import { t } from '../t';
import { testIds } from '../testIds';

/** Services that may be to blame, each with what speaks against it. */
export function SuspectList({ suspects }: { readonly suspects: AiLogsAnswer['suspects'] }) {
  const styles = useStyles2(getStyles);
  return (
    <section data-testid={testIds.troubleshoot.suspects} className={styles.panel}>
      <h2 className={styles.heading}>{t('troubleshoot.suspects.title', 'Where it started')}</h2>
      {suspects.length === 0 && t('troubleshoot.suspects.none', 'Nothing points at one service.')}
      <ol className={styles.list}>
        {suspects.map(({ service, score, reasons }) => (
          <li key={service}>
            <strong>{service}</strong> <span className={styles.quiet}>{formatShare(score)}</span>
            <div className={styles.track}>
              <div className={styles.bar} style={{ width: `${Math.min(100, score * 100)}%` }} />
            </div>
            <ul className={styles.reasons}>
              {reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({
    padding: theme.spacing(1.5, 2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  heading: css({ fontSize: theme.typography.h5.fontSize }),
  list: css({ margin: 0, paddingLeft: theme.spacing(2) }),
  quiet: css({ color: theme.colors.text.secondary }),
  track: css({ height: 4, background: theme.colors.background.secondary }),
  bar: css({ height: 4, background: theme.colors.error.main }),
  reasons: css({
    margin: theme.spacing(0.5, 0, 1),
    paddingLeft: theme.spacing(2),
    overflowWrap: 'anywhere',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
