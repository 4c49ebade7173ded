import { css, cx } from '@emotion/css';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, useStyles2, useTheme2 } from '@grafana/ui';
import { formatCount, formatMs, formatShare } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { type ServiceNode, failureColour } from './graphElements';
import { NODE_HEIGHT, NODE_WIDTH } from './layoutGraph';

/** One service of the graph. */
export function ServiceNodeCard({
  data,
  selected,
  targetPosition = Position.Left,
  sourcePosition = Position.Right,
}: NodeProps<ServiceNode>) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { service, bottleneck, brokeHere } = data;
  const colour = failureColour(service.failed_share, theme);
  return (
    <div className={cx(styles.card, selected && styles.selected)} style={{ borderLeftColor: colour }}>
      <Handle type="target" position={targetPosition} className={styles.handle} isConnectable={false} />
      <div className={styles.name} title={service.service}>
        <span>{service.service}</span>
        {brokeHere > 0 && (
          <Badge
            color="red"
            text={t('requests.node.broke', 'broke {{requests}}', { requests: formatCount(brokeHere) })}
            tooltip={t('requests.node.brokeTooltip', '{{requests}} failed requests first broke here', {
              requests: formatCount(brokeHere),
            })}
          />
        )}
        {bottleneck && <Badge color="orange" text={t('requests.node.slow', 'slow')} tooltip={bottleneck} />}
      </div>
      <div className={styles.figures}>
        {t('requests.node.calls', '{{calls}} calls · {{failed}} failed', {
          calls: formatCount(service.calls),
          failed: formatShare(service.failed_share),
        })}
        <br />
        {t('requests.node.self', 'own time p50 {{p50}} · p95 {{p95}}', {
          p50: formatMs(service.self_p50_ms),
          p95: formatMs(service.self_p95_ms),
        })}
      </div>
      <Handle type="source" position={sourcePosition} className={styles.handle} isConnectable={false} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    padding: theme.spacing(0.75, 1),
    background: theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderLeftWidth: 4,
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.primary,
    textAlign: 'left',
  }),
  selected: css({ outline: `2px solid ${theme.colors.primary.main}` }),
  name: css({
    display: 'flex',
    gap: theme.spacing(0.5),
    alignItems: 'center',
    fontWeight: theme.typography.fontWeightMedium,
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  }),
  figures: css({
    fontSize: 11,
    lineHeight: '16px',
    color: theme.colors.text.secondary,
    whiteSpace: 'nowrap',
  }),
  handle: css({ opacity: 0 }),
});
