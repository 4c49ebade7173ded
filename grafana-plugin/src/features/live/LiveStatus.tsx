import { Alert, Badge, type BadgeColor, Button, Text } from '@grafana/ui';
import { formatCount } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import type { LiveSnapshot, LiveState } from './liveFeed';

/** Whether the stream is live, how many lines came, and how many did not. */
export function LiveStatus({ live }: { readonly live: LiveSnapshot }) {
  return (
    <>
      <ConnectionBadge state={live.state} />
      <Figures live={live} />
    </>
  );
}

/** Why the stream is not live. */
export function LiveTrouble({ live: { message, state } }: { readonly live: LiveSnapshot }) {
  return message && state !== 'live' ? (
    <Alert severity="warning" title={t('live.trouble', 'The stream is not live')}>
      {message}
    </Alert>
  ) : null;
}

interface PauseButtonProps {
  readonly live: LiveSnapshot;
  readonly shown: LiveSnapshot;
  readonly paused: boolean;
  readonly onPause: () => void;
  readonly onResume: () => void;
}

export function PauseButton({ live, shown, paused, onPause, onResume }: PauseButtonProps) {
  return (
    <Button
      size="sm"
      variant={paused ? 'primary' : 'secondary'}
      icon={paused ? 'play' : 'pause'}
      onClick={paused ? onResume : onPause}
    >
      {paused
        ? t('live.resume', 'Resume ({{lines}} new)', { lines: formatCount(linesSince(shown, live)) })
        : t('live.pause', 'Pause')}
    </Button>
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
