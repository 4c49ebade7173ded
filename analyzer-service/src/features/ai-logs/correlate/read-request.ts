import type { LogLine, TimeRange } from '../../../engine/log-line.ts';
import { idNotFound } from '../id-not-found.ts';
import type { ReadContext } from '../read-context.ts';
import { quote, selector } from '../../../engine/logql/selector.ts';

/** Lines of one request that are read at most. */
export const REQUEST_LINES_MAX = 5_000;
const NEARBY_MS = 10 * 60_000;

/**
 * The lines of one request in time order, also those that only carry another of its ids: a service that logs the
 * trace only is found through a line that has both. Throws `not_found` with the id fields that exist.
 */
export async function readRequest(
  context: ReadContext,
  [name, value]: readonly [string, string],
): Promise<readonly LogLine[]> {
  const { filter, labels, source, window, signal } = context;
  const limit = REQUEST_LINES_MAX;
  const query = selector(filter, labels);
  const lines = await source.read('the lines of the request', { query, range: window, limit, signal });
  if (lines.length === 0) throw await idNotFound(context, name, value);
  const known = new Set(lines.map(identity));
  const others = await Promise.all(
    otherIds(context, lines, value).map(([field, id]) =>
      source.read(`lines that only carry its ${field}`, {
        query: `${selector({ services: filter.services, ids: {} }, labels)} | ${field}=${quote(id)}`,
        range: around(lines, window),
        limit,
        signal,
      }),
    ),
  );
  const linked = others.flat().filter((line) => !known.has(identity(line)));
  return [...lines, ...linked].sort((a, b) => a.timeMs - b.timeMs).slice(0, limit);
}

/** The other request ids that all the lines that have one agree on. */
function otherIds(
  { requestIdFields, filter }: ReadContext,
  lines: readonly LogLine[],
  value: string,
): readonly [string, string][] {
  return requestIdFields
    .filter((field) => !(field in filter.ids))
    .flatMap((field): [string, string][] => {
      const ids = new Set(lines.flatMap(({ fields }) => fields[field] ?? []).filter((id) => id !== value));
      const [only] = ids;
      return ids.size === 1 && only ? [[field, only]] : [];
    });
}

/** A request's other lines are not far from those that are known. */
function around(lines: readonly LogLine[], window: TimeRange): TimeRange {
  const startMs = (lines[0]?.timeMs ?? window.startMs) - NEARBY_MS;
  const endMs = (lines.at(-1)?.timeMs ?? window.endMs) + NEARBY_MS;
  return { startMs: Math.max(window.startMs, startMs), endMs: Math.min(window.endMs, endMs) };
}

function identity({ timestampNs, service, text }: LogLine): string {
  return `${timestampNs}\n${service}\n${text}`;
}
