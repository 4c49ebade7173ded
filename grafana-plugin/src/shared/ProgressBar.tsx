import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

interface ProgressBarProps {
  /** 0 to 1. */
  readonly share: number;
  readonly label: string;
}

/** How far something is, to eyes and to screen readers. */
export function ProgressBar({ share, label }: ProgressBarProps) {
  const styles = useStyles2(getStyles);
  const percent = Math.round(share * 100);
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div className={styles.bar} style={{ width: `${percent}%` }} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  track: css({ height: 6, maxWidth: 480, background: theme.colors.background.secondary }),
  bar: css({ height: '100%', background: theme.colors.primary.main }),
});
