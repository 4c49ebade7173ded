import { parseRange } from '../http/parameters.ts';
import { jsonAnswer } from '../http/answer.ts';
import type { Api, Endpoint } from '../http/api.ts';
import type { LokiRequest } from '../http/request.ts';
import { parseSelector } from '../logql/parse.ts';
import type { Matcher } from '../logql/syntax.ts';
import { streamsWithLines } from '../query/streams-with-lines.ts';
import type { Stream } from '../store/streams.ts';

/** GET /loki/api/v1/labels */
export const labels: Endpoint = async (api, request) => {
  const names = new Set<string>();
  for (const stream of await streamsOf(api, request)) for (const name in stream.labels) names.add(name);
  return listAnswer(names);
};

/** GET /loki/api/v1/label/<name>/values */
export const labelValues =
  (name: string): Endpoint =>
  async (api, request) => {
    const values = new Set<string>();
    for (const stream of await streamsOf(api, request)) {
      const value = Object.hasOwn(stream.labels, name) ? stream.labels[name] : undefined;
      if (value !== undefined) values.add(value);
    }
    return listAnswer(values);
  };

/** GET /loki/api/v1/series */
export const series: Endpoint = async (api, request) => {
  const range = parseRange(request.parameters, api.now());
  const selectors = [...request.parameters.getAll('match[]'), ...request.parameters.getAll('match')];
  const matchers = selectors.length === 0 ? [[]] : selectors.map(selectorOf);
  const found = new Map<number, Stream>();
  await api.slots.run(request.tenants, request.signal, async (context) => {
    for (const selector of matchers)
      for (const stream of await streamsWithLines(context, selector, range)) found.set(stream.id, stream);
  });
  return jsonAnswer({ status: 'success', data: [...found.values()].map((stream) => stream.labels) });
};

const selectorOf = (text: string): readonly Matcher[] =>
  text === '' || text === '{}' ? [] : parseSelector(text);

function streamsOf(api: Api, request: LokiRequest): Promise<readonly Stream[]> {
  const range = parseRange(request.parameters, api.now());
  const matchers = selectorOf(request.parameters.get('query') ?? '');
  return api.slots.run(request.tenants, request.signal, (context) =>
    streamsWithLines(context, matchers, range),
  );
}

/** An empty list is left out, as Loki does. */
const listAnswer = (values: ReadonlySet<string>) =>
  jsonAnswer({ status: 'success', ...(values.size > 0 ? { data: [...values].sort() } : {}) });
