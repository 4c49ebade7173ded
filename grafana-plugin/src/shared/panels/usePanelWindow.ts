import { useMemo } from 'react';
import type { TimeRange } from '@grafana/data';
import { type RawWindow, fromTimeRange, windowParameters } from '../timeWindow';

interface PanelWindow {
  /** As the dashboard says it, for links. */
  readonly window: RawWindow;
  /** The moments that the dashboard's last refresh made of it. */
  readonly times: ReturnType<typeof windowParameters>;
}

/** The dashboard's window: the same object until it is moved or refreshed. */
export function usePanelWindow({ from, to, raw }: TimeRange): PanelWindow {
  const [startMs, endMs] = [from.valueOf(), to.valueOf()];
  const written = fromTimeRange(raw);
  return useMemo(
    () => ({
      window: { from: written.from, to: written.to },
      times: windowParameters({ startMs, endMs }),
    }),
    [startMs, endMs, written.from, written.to],
  );
}
