import { css } from '@emotion/css';
import { type GrafanaTheme2, dateTimeFormat } from '@grafana/data';
import { Button, LinkButton, Stack, useStyles2 } from '@grafana/ui';
import type { StreamLine } from '../../../../analyzer-service/src/contract.ts';
import { requestOfLine } from '../../shared/requestOfLine';
import { t } from '../../shared/t';

interface LineDetailsProps {
  readonly line: StreamLine;
  readonly onClose: () => void;
}

/** A whole line with its labels, and the way to its request. */
export function LineDetails({ line, onClose }: LineDetailsProps) {
  const styles = useStyles2(getStyles);
  const request = requestOfLine(line);
  return (
    <section className={styles.frame} aria-label={t('live.details', 'The chosen line')}>
      <Stack justifyContent="space-between" alignItems="center">
        <strong>
          {dateTimeFormat(line.time, { format: 'YYYY-MM-DD HH:mm:ss.SSS' })} {line.service}
        </strong>
        <Stack gap={1}>
          {request && (
            <LinkButton size="sm" variant="secondary" icon="gf-traces" href={request.href}>
              {t('live.request', 'Follow its request')}
            </LinkButton>
          )}
          <Button
            size="sm"
            variant="secondary"
            icon="times"
            aria-label={t('live.close', 'Close')}
            onClick={onClose}
          />
        </Stack>
      </Stack>
      <pre className={styles.text}>{line.line}</pre>
      {line.line_cut && <p>{t('live.cut', 'The line is longer; the store has all of it.')}</p>}
      <dl className={styles.labels}>
        {Object.entries(line.labels).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({
    padding: theme.spacing(1),
    border: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.secondary,
  }),
  text: css({
    maxHeight: 180,
    overflow: 'auto',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'isolate',
    margin: 0,
  }),
  labels: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    margin: theme.spacing(1, 0, 0),
    fontSize: theme.typography.bodySmall.fontSize,
    div: { display: 'flex', gap: theme.spacing(0.5) },
    dt: { color: theme.colors.text.secondary, fontWeight: 'normal' },
    dd: { margin: 0, overflowWrap: 'anywhere' },
  }),
});
