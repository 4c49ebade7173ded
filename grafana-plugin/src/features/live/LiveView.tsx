import { useState } from 'react';
import { Stack } from '@grafana/ui';
import { ExportMenu } from '../../shared/ExportMenu';
import { LineDetails } from './LineDetails';
import { LiveAlerts } from './LiveAlerts';
import { LiveLines } from './LiveLines';
import { LiveStatus, LiveTrouble, PauseButton } from './LiveStatus';
import type { LiveLine } from './liveFeed';
import type { LiveFilter } from './liveUrl';
import { useLive } from './useLive';

/** One stream with what can be done with its lines. */
export function LiveView({ filter }: { readonly filter: LiveFilter }) {
  const { live, shown, paused, pause, resume } = useLive(filter);
  const [chosen, setChosen] = useState<LiveLine | null>(null);
  return (
    <>
      <Stack gap={1} alignItems="center" wrap="wrap">
        <PauseButton live={live} shown={shown} paused={paused} onPause={pause} onResume={resume} />
        <LiveStatus live={live} />
        <ExportMenu
          name="live"
          columns={['time', 'service', 'level', 'line']}
          rows={() => shown.lines.map(({ time, service, level, line }) => [time, service, level, line])}
        />
      </Stack>
      <LiveTrouble live={live} />
      <LiveAlerts alerts={live.alerts} />
      <LiveLines
        lines={shown.lines}
        highlight={filter.highlight}
        following={!paused}
        chosen={chosen?.key ?? null}
        onChoose={(line) => {
          pause();
          setChosen(line);
        }}
        onLeave={pause}
      />
      {chosen && <LineDetails line={chosen} onClose={() => setChosen(null)} />}
    </>
  );
}
