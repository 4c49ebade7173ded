import { APP_PATH } from '../app/pluginId';

const ID_FIELDS = ['correlation_id', 'trace_id', 'request_id'] as const;
/** A request is looked for this long before and after its line. */
const AROUND_MS = 15 * 60_000;

interface LineWithLabels {
  readonly time: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The page that shows the request that a line belongs to; null when the line carries no id. */
export function requestOfLine({
  time,
  labels,
}: LineWithLabels): { readonly id: string; readonly href: string } | null {
  const field = ID_FIELDS.find((name) => labels[name]);
  const id = field && labels[field];
  if (!id) {
    return null;
  }
  const timeMs = Date.parse(time);
  const search = new URLSearchParams({
    from: String(timeMs - AROUND_MS),
    to: String(timeMs + AROUND_MS),
    field,
    id,
  });
  return { id, href: `${APP_PATH}/requests?${search.toString()}` };
}
