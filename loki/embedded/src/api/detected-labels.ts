import { jsonAnswer } from '../http/answer.ts';
import type { Endpoint } from '../http/api.ts';
import { parseRange } from '../http/parameters.ts';
import { parseSelector } from '../logql/parse.ts';
import { streamsWithLines } from '../query/streams-with-lines.ts';

/** Labels that are shown even when all of their values look like ids. */
const STATIC_LABELS = new Set(['cluster', 'namespace', 'instance', 'pod']);
const ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[+-]?\d+(\.\d+)?)$/i;

/** GET /loki/api/v1/detected_labels */
export const detectedLabels: Endpoint = async (api, request) => {
  const range = parseRange(request.parameters, api.now());
  const query = request.parameters.get('query') ?? '';
  const matchers = query === '' || query === '{}' ? [] : parseSelector(query);
  const streams = await api.slots.run(request.tenants, request.signal, (context) =>
    streamsWithLines(context, matchers, range),
  );
  const values = new Map<string, Set<string>>();
  for (const { labels } of streams)
    for (const name in labels) values.set(name, (values.get(name) ?? new Set()).add(labels[name] ?? ''));
  const detected = [...values]
    .filter(([name, found]) => STATIC_LABELS.has(name) || [...found].some((value) => !ID.test(value)))
    .map(([label, found]) => ({ label, cardinality: found.size }));
  return jsonAnswer({ detectedLabels: detected });
};
