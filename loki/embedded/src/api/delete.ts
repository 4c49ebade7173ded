import { badRequest } from '../errors.ts';
import { jsonAnswer, noContent, type Answer } from '../http/answer.ts';
import type { Api, Endpoint } from '../http/api.ts';
import { parseTimeNs } from '../http/parameters.ts';
import type { LokiRequest } from '../http/request.ts';
import { parseLogQuery } from '../logql/parse.ts';
import { findPositions } from '../query/find-positions.ts';

/** /loki/api/v1/delete: POST removes the lines of a query at once, GET lists what was removed. */
export const deleteLines: Endpoint = (api, request) => {
  if (request.method === 'GET') return jsonAnswer(api.deletions.of(request.tenants));
  return request.method === 'DELETE' ? noContent : remove(api, request);
};

async function remove(api: Api, { parameters, tenants, signal }: LokiRequest): Promise<Answer> {
  const text = parameters.get('query') ?? '';
  const start = parameters.get('start');
  const end = parameters.get('end');
  if (!start) throw badRequest('start time not set');
  const query = parseLogQuery(text);
  const fromNs = parseTimeNs(start, 'start');
  const toNs = (end ? parseTimeNs(end, 'end') : BigInt(api.now()) * 1_000_000n) + 1n;
  if (toNs <= fromNs) throw badRequest("start time can't be greater than end time");
  await api.slots.run(tenants, signal, (context) =>
    api.store.remove((connection) => findPositions(context, connection, query, { fromNs, toNs })),
  );
  api.deletions.note(tenants, { query: text, startNs: fromNs, endNs: toNs - 1n, createdAtMs: api.now() });
  return noContent;
}
