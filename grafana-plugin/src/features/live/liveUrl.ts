/** The page's state, all of it in the URL. */
export interface LiveFilter {
  /** Comma-separated. */
  readonly services: string;
  readonly severity: string;
  readonly search: string;
  /** An alert tells when a line contains this. */
  readonly contains: string;
  /** Marked in every line; filters nothing. */
  readonly highlight: string;
}

const NAMES = ['services', 'severity', 'search', 'contains', 'highlight'] as const;

export function readLive(search: URLSearchParams): LiveFilter {
  const [services, severity, text, contains, highlight] = NAMES.map((name) =>
    (search.get(name) ?? '').slice(0, 500),
  ) as [string, string, string, string, string];
  return { services, severity, search: text, contains, highlight };
}

export function writeLive(filter: LiveFilter): Record<(typeof NAMES)[number], string> {
  return { ...filter };
}
