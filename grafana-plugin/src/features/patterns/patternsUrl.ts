import { DEFAULT_WINDOW, type RawWindow, readWindow } from '../../shared/timeWindow';

export const BASELINES = ['previous', 'yesterday', 'last_week', 'none'] as const;

/** The page's state, all of it in the URL. */
export interface PatternsState {
  readonly window: RawWindow;
  readonly services: string;
  readonly severity: string;
  readonly search: string;
  readonly baseline: (typeof BASELINES)[number];
}

export function readPatterns(search: URLSearchParams): PatternsState {
  return {
    window: readWindow(search) ?? DEFAULT_WINDOW,
    services: search.get('services') ?? '',
    severity: search.get('severity') ?? '',
    search: (search.get('search') ?? '').slice(0, 500),
    baseline: BASELINES.find((known) => known === search.get('baseline')) ?? 'previous',
  };
}

export function writePatterns({ window, services, severity, search, baseline }: PatternsState) {
  const { from, to } = window;
  return { from, to, services, severity, search, baseline: baseline === 'previous' ? '' : baseline };
}
