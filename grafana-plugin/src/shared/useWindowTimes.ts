import { useCallback, useState } from 'react';
import { type RawWindow, resolveWindow, windowParameters } from './timeWindow';

interface WindowTimes {
  /** `start` and `end` as the API takes them: the same until the window changes or `refresh` is called. */
  readonly times: ReturnType<typeof windowParameters>;
  /** A window that ends now then ends at a later now. */
  readonly refresh: () => void;
}

/** Fixes a window that may be relative to moments, once and not at every render. */
export function useWindowTimes(window: RawWindow): WindowTimes {
  const [fixed, setFixed] = useState(() => fix(window));
  const { from, to } = window;
  const refresh = useCallback(() => setFixed(fix({ from, to })), [from, to]);
  if (fixed.from === from && fixed.to === to) {
    return { times: fixed.times, refresh };
  }
  const next = fix(window);
  setFixed(next);
  return { times: next.times, refresh };
}

function fix(window: RawWindow) {
  return { ...window, times: windowParameters(resolveWindow(window)) };
}
