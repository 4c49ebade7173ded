export const STATES = ['firing', 'acknowledged', 'resolved'] as const;

/** The page's state, all of it in the URL. Without an id it lists incidents. */
export interface IncidentsState {
  readonly id: string;
  /** Empty for every state. */
  readonly state: '' | (typeof STATES)[number];
}

export function readIncidents(search: URLSearchParams): IncidentsState {
  const state = STATES.find((known) => known === search.get('state')) ?? '';
  return { id: (search.get('id') ?? '').slice(0, 64), state };
}

export function writeIncidents({ id, state }: IncidentsState) {
  return { id, state };
}
