import { useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { Stack, useStyles2 } from '@grafana/ui';
import { LineDetails } from '../../features/live/LineDetails';
import { LiveAlerts } from '../../features/live/LiveAlerts';
import { LiveLines } from '../../features/live/LiveLines';
import { LiveStatus, LiveTrouble, PauseButton } from '../../features/live/LiveStatus';
import { useLive } from '../../features/live/useLive';
import { OpenInSonde } from '../../shared/panels/PanelFrame';
import { type PanelFilterOptions, filterOf } from '../../shared/panels/panelFilter';

export interface LiveOptions extends PanelFilterOptions {
  readonly contains: string;
  readonly highlight: string;
}

/** Lines as they are written, whatever the dashboard's window. */
export function LivePanel({ options, width, height, replaceVariables }: PanelProps<LiveOptions>) {
  const styles = useStyles2(getStyles);
  const contains = replaceVariables(options.contains);
  const highlight = replaceVariables(options.highlight);
  const filter = { ...filterOf(options, replaceVariables), contains };
  const { live, shown, paused, pause, resume } = useLive(filter);
  const [chosen, setChosen] = useState<(typeof shown.lines)[number] | null>(null);
  return (
    <div className={styles.frame} style={{ width, height }}>
      <Stack gap={1} alignItems="center" wrap="wrap">
        <PauseButton live={live} shown={shown} paused={paused} onPause={pause} onResume={resume} />
        <LiveStatus live={live} />
        <OpenInSonde page="live" parameters={{ ...filter, highlight }} />
      </Stack>
      <LiveTrouble live={live} />
      <LiveAlerts alerts={live.alerts} />
      <div className={styles.lines}>
        <LiveLines
          lines={shown.lines}
          highlight={highlight}
          following={!paused}
          chosen={chosen?.key ?? null}
          onChoose={(line) => {
            pause();
            setChosen(line);
          }}
          onLeave={pause}
          height="100%"
        />
      </div>
      {chosen && <LineDetails line={chosen} onClose={() => setChosen(null)} />}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5), minWidth: 0 }),
  lines: css({ flex: 1, minHeight: 0 }),
});
