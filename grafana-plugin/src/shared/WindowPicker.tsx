import { useCallback, useMemo } from 'react';
import { type TimeRange, dateTime, makeTimeRange } from '@grafana/data';
import { RefreshPicker, Stack, TimeRangePicker } from '@grafana/ui';
import { t } from './t';
import { type RawWindow, fromTimeRange, resolveWindow, toTimeRange } from './timeWindow';

interface WindowPickerProps {
  readonly window: RawWindow;
  readonly onWindow: (window: RawWindow) => void;
  /** Asks again; for a window that ends now this is a later one. */
  readonly onRefresh: () => void;
  readonly loading: boolean;
}

/** Grafana's time picker for a window that lives in the URL. */
export function WindowPicker({ window, onWindow, onRefresh, loading }: WindowPickerProps) {
  const value = useMemo(() => toTimeRange(window), [window]);
  const choose = useCallback((range: TimeRange) => onWindow(fromTimeRange(range.raw)), [onWindow]);
  const move = (shares: readonly [number, number]) => {
    const { startMs, endMs } = resolveWindow(window);
    const lengthMs = endMs - startMs;
    const range = makeTimeRange(
      dateTime(startMs + shares[0] * lengthMs),
      dateTime(endMs + shares[1] * lengthMs),
    );
    onWindow(fromTimeRange(range.raw));
  };
  return (
    <Stack gap={1}>
      <TimeRangePicker
        value={value}
        onChange={choose}
        onChangeTimeZone={() => undefined}
        onMoveBackward={() => move([-0.5, -0.5])}
        onMoveForward={() => move([0.5, 0.5])}
        onZoom={() => move([-0.5, 0.5])}
      />
      <RefreshPicker
        value=""
        intervals={[]}
        noIntervalPicker
        isLoading={loading}
        text={t('window.refresh', 'Refresh')}
        onRefresh={onRefresh}
        onIntervalChanged={() => undefined}
      />
    </Stack>
  );
}
