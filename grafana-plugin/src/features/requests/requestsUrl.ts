import { DEFAULT_WINDOW, type RawWindow, readWindow } from '../../shared/timeWindow';

/** Fields that `GET /correlate` takes an id by. */
export const ID_FIELDS = ['correlation_id', 'trace_id', 'request_id'] as const;
export type IdField = (typeof ID_FIELDS)[number];

/** The page's state, all of it in the URL. Without an id it shows the service graph. */
export interface RequestsState {
  readonly window: RawWindow;
  readonly services: string;
  readonly field: IdField;
  readonly id: string;
}

export function readRequests(search: URLSearchParams): RequestsState {
  const field = ID_FIELDS.find((name) => name === search.get('field')) ?? ID_FIELDS[0];
  return {
    window: readWindow(search) ?? DEFAULT_WINDOW,
    services: search.get('services') ?? '',
    field,
    id: search.get('id') ?? '',
  };
}

export function writeRequests({ window, services, field, id }: RequestsState) {
  return { from: window.from, to: window.to, services, id, field: id ? field : undefined };
}
