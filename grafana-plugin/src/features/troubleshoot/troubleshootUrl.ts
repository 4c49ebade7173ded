import { LEVELS } from '../../shared/levels';
import { type RawWindow, readWindow } from '../../shared/timeWindow';

export const MODES = ['troubleshoot', 'performance', 'errors', 'audit', 'conversation'] as const;
export const BASELINES = ['previous', 'yesterday', 'last_week'] as const;

/** The page's state, all of it in the URL. */
export interface TroubleshootState {
  /** Null: the newest half hour. */
  readonly window: RawWindow | null;
  readonly mode: (typeof MODES)[number];
  readonly baseline: (typeof BASELINES)[number];
  readonly services: readonly string[];
  readonly severity: readonly string[];
  readonly search: string;
  /** Ids of findings whose card is open; null: the first one. */
  readonly open: readonly string[] | null;
}

const SERVICES_MAX = 50;
const SEARCH_CHARACTERS_MAX = 500;

export function readTroubleshoot(search: URLSearchParams): TroubleshootState {
  const open = search.get('open');
  return {
    window: readWindow(search),
    mode: MODES.find((known) => known === search.get('mode')) ?? 'troubleshoot',
    baseline: BASELINES.find((known) => known === search.get('baseline')) ?? 'previous',
    services: words(search.get('services')).slice(0, SERVICES_MAX),
    severity: words(search.get('severity')).filter((word) => LEVELS.some((level) => level === word)),
    search: (search.get('search') ?? '').slice(0, SEARCH_CHARACTERS_MAX),
    open: open === null ? null : words(open),
  };
}

export function writeTroubleshoot(state: TroubleshootState) {
  const { window, mode, baseline, services, severity, search, open } = state;
  return {
    from: window?.from,
    to: window?.to,
    mode: mode === 'troubleshoot' ? '' : mode,
    baseline: baseline === 'previous' ? '' : baseline,
    services: services.join(','),
    severity: severity.join(','),
    search,
    // No open card is a choice too.
    open: open === null ? '' : open.join(',') || 'none',
  };
}

/** What the analyzer is asked, but for the window. */
export function filterParameters({ services, severity, search }: TroubleshootState) {
  return { services: services.join(','), severity: severity.join(','), search };
}

function words(text: string | null): string[] {
  return (text ?? '').split(',').filter((word) => word !== '');
}
