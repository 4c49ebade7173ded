import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { openStream } from '../../shared/api';
import { LiveFeed, type LiveSnapshot } from './liveFeed';

interface LiveQuestion {
  /** Comma-separated. */
  readonly services: string;
  readonly severity: string;
  readonly search: string;
  readonly contains: string;
}

export interface Live {
  /** What comes. */
  readonly live: LiveSnapshot;
  /** What is to be seen: the same, or what there was when it was paused. */
  readonly shown: LiveSnapshot;
  readonly paused: boolean;
  readonly pause: () => void;
  readonly resume: () => void;
}

/** One stream for each filter, open as long as the component is there. */
export function useLive({ services, severity, search, contains }: LiveQuestion): Live {
  const feed = useMemo(
    () =>
      new LiveFeed((onMessage, onLost) =>
        openStream({ services, severity, search, contains }, onMessage, onLost),
      ),
    [services, severity, search, contains],
  );
  const live = useSyncExternalStore(feed.subscribe, feed.snapshot);
  const [frozen, setFrozen] = useState<LiveSnapshot | null>(null);
  const pause = useCallback(() => setFrozen((last) => last ?? feed.snapshot()), [feed]);
  const resume = useCallback(() => setFrozen(null), []);
  return { live, shown: frozen ?? live, paused: frozen !== null, pause, resume };
}
