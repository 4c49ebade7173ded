import { badRequest } from '../errors.ts';
import type { Endpoint } from '../http/api.ts';
import { jsonAnswer } from '../http/answer.ts';
import { parseLimit, parseTimeNs } from '../http/parameters.ts';
import { parseQuery } from '../logql/parse.ts';
import { evaluateMetric } from '../query/metric-query.ts';
import { vectorResult } from '../query/results.ts';

const DEFAULT_LIMIT = 100;

/** GET /loki/api/v1/query */
export const instantQuery: Endpoint = async (api, request) => {
  const { parameters } = request;
  const query = parseQuery(parameters.get('query') ?? '');
  parseLimit(parameters.get('limit'), DEFAULT_LIMIT, api.limits.entriesPerQueryMax);
  if (query.kind === 'logs')
    throw badRequest(
      'log queries are not supported as an instant query type, please change your query to a range query type',
    );
  const time = parameters.get('time');
  const startNs = time ? parseTimeNs(time, 'time') : BigInt(api.now()) * 1_000_000n;
  const steps = { startNs, stepNs: 1_000_000_000n, count: 1 };
  api.statsRanges.note(request.tenants, query, steps);
  const value = await api.slots.run(request.tenants, request.signal, (context) =>
    evaluateMetric(context, query, steps),
  );
  return jsonAnswer({ status: 'success', data: vectorResult(value, startNs) });
};
