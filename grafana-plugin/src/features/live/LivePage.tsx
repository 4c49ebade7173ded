import { useMemo, useState, useSyncExternalStore } from 'react';
import { Alert, Badge, type BadgeColor, Button, Stack, Text } from '@grafana/ui';
import { ExportMenu } from '../../shared/ExportMenu';
import { openStream } from '../../shared/api';
import { formatCount } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import { useLocationState } from '../../shared/useLocationState';
import { LineDetails } from './LineDetails';
import { LiveAlerts } from './LiveAlerts';
import { LiveFilters } from './LiveFilters';
import { LiveLines } from './LiveLines';
import { LiveFeed, type LiveLine, type LiveSnapshot, type LiveState } from './liveFeed';
import { readLive, writeLive } from './liveUrl';

/** Lines as they are written. */
export default function LivePage() {
  const [filter, change] = useLocationState(readLive, writeLive);
  const { services, severity, search, contains } = filter;
  const feed = useMemo(
    () =>
      new LiveFeed((onMessage, onLost) =>
        openStream({ services, severity, search, contains }, onMessage, onLost),
      ),
    [services, severity, search, contains],
  );
  const live = useSyncExternalStore(feed.subscribe, feed.snapshot);
  const [frozen, setFrozen] = useState<LiveSnapshot | null>(null);
  const [chosen, setChosen] = useState<LiveLine | null>(null);
  const shown = frozen ?? live;
  const pause = () => setFrozen((last) => last ?? live);
  return (
    <Stack direction="column" gap={1}>
      <LiveFilters
        filter={filter}
        onFilter={(part) => {
          setFrozen(null);
          change(part);
        }}
      />
      <Stack gap={1} alignItems="center" wrap="wrap">
        <Button
          size="sm"
          variant={frozen ? 'primary' : 'secondary'}
          icon={frozen ? 'play' : 'pause'}
          onClick={() => (frozen ? setFrozen(null) : pause())}
        >
          {frozen
            ? t('live.resume', 'Resume ({{lines}} new)', { lines: formatCount(linesSince(frozen, live)) })
            : t('live.pause', 'Pause')}
        </Button>
        <ConnectionBadge state={live.state} />
        <Figures live={live} />
        <ExportMenu
          name="live"
          columns={['time', 'service', 'level', 'line']}
          rows={() => shown.lines.map(({ time, service, level, line }) => [time, service, level, line])}
        />
      </Stack>
      {live.message && live.state !== 'live' && (
        <Alert severity="warning" title={t('live.trouble', 'The stream is not live')}>
          {live.message}
        </Alert>
      )}
      <LiveAlerts alerts={live.alerts} />
      <LiveLines
        lines={shown.lines}
        highlight={filter.highlight}
        following={frozen === null}
        chosen={chosen?.key ?? null}
        onChoose={(line) => {
          pause();
          setChosen(line);
        }}
        onLeave={pause}
      />
      {chosen && <LineDetails line={chosen} onClose={() => setChosen(null)} />}
    </Stack>
  );
}

function linesSince(frozen: LiveSnapshot, live: LiveSnapshot): number {
  return live.lines.length + live.forgotten - frozen.lines.length - frozen.forgotten;
}

function Figures({ live }: { readonly live: LiveSnapshot }) {
  const { lines, forgotten, missed, metrics } = live;
  return (
    <>
      <Text color="secondary">
        <span data-testid={testIds.live.count}>
          {t('live.count', '{{lines}} lines', { lines: formatCount(lines.length + forgotten) })}
        </span>
        {metrics &&
          t('live.rate', ' · {{rate}} a second, {{errors}} errors in the last {{seconds}} s', {
            rate: metrics.lines_per_second.toFixed(1),
            errors: formatCount(metrics.errors),
            seconds: Math.round((Date.parse(metrics.end) - Date.parse(metrics.start)) / 1_000),
          })}
      </Text>
      {forgotten > 0 && (
        <Text color="secondary">
          {t('live.forgotten', 'the oldest {{lines}} are no longer on this page', {
            lines: formatCount(forgotten),
          })}
        </Text>
      )}
      <Badge
        color={missed > 0 ? 'red' : 'darkgrey'}
        text={t('live.missed', '{{lines}} missed', { lines: formatCount(missed) })}
        tooltip={t('live.missedTooltip', 'Lines that were written but did not reach this page')}
      />
    </>
  );
}

function ConnectionBadge({ state }: { readonly state: LiveState }) {
  const { color, text } = describeState(state);
  return (
    <span role="status" data-testid={testIds.live.state} data-state={state}>
      <Badge color={color} text={text} />
    </span>
  );
}

function describeState(state: LiveState): { readonly color: BadgeColor; readonly text: string } {
  switch (state) {
    case 'live':
      return { color: 'green', text: t('live.state.live', 'live') };
    case 'connecting':
      return { color: 'blue', text: t('live.state.connecting', 'connecting') };
    case 'catching_up':
      return { color: 'orange', text: t('live.state.catchingUp', 'catching up') };
    case 'reconnecting':
    case 'lost':
      return { color: 'orange', text: t('live.state.reconnecting', 'reconnecting') };
    case 'refused':
      return { color: 'red', text: t('live.state.refused', 'refused') };
  }
}
