import { badRequest } from '../errors.ts';
import type { Endpoint } from '../http/api.ts';
import { jsonAnswer } from '../http/answer.ts';
import { parseLimit, parseRange, parseStepNs, type TimeRange } from '../http/parameters.ts';
import { parseQuery } from '../logql/parse.ts';
import { runLogQuery } from '../query/log-query.ts';
import type { Direction } from '../store/read-ordered.ts';
import { evaluateMetric } from '../query/metric-query.ts';
import type { TimeSteps } from '../query/time-steps.ts';
import { matrixResult, streamsText } from '../query/results.ts';
import type { Limits } from '../limits.ts';

const DEFAULT_LIMIT = 100;

/** GET /loki/api/v1/query_range */
export const queryRange: Endpoint = async (api, request) => {
  const { parameters } = request;
  const query = parseQuery(parameters.get('query') ?? '');
  const range = parseRange(parameters, api.now());
  checkRange(range, api.limits);
  const limit = parseLimit(parameters.get('limit'), DEFAULT_LIMIT, api.limits.entriesPerQueryMax);
  const direction = parseDirection(parameters.get('direction'));
  if (query.kind === 'logs') {
    const logRange = { fromNs: range.startNs, toNs: range.endNs, limit, direction };
    const found = await api.slots.run(request.tenants, request.signal, (context) =>
      runLogQuery(context, query, logRange),
    );
    return { ...jsonAnswer(null), body: streamsText(found, wantsCategories(request.headers)) };
  }
  const steps = stepsOf(range, parseStepNs(parameters.get('step'), range), api.limits);
  api.statsRanges.note(request.tenants, query, steps);
  const value = await api.slots.run(request.tenants, request.signal, (context) =>
    evaluateMetric(context, query, steps),
  );
  return jsonAnswer({ status: 'success', data: matrixResult(value, steps) });
};

export const wantsCategories = (headers: Readonly<Record<string, string | string[] | undefined>>): boolean =>
  String(headers['x-loki-response-encoding-flags'] ?? '').includes('categorize-labels');

function parseDirection(text: string | null): Direction {
  const direction = (text ?? 'backward').toLowerCase();
  if (direction === '') return 'backward';
  if (direction !== 'forward' && direction !== 'backward') throw badRequest(`invalid direction '${text}'`);
  return direction;
}

export function checkRange({ startNs, endNs }: TimeRange, { queryRangeMsMax }: Limits): void {
  const rangeMs = (endNs - startNs) / 1_000_000n;
  if (queryRangeMsMax > 0 && rangeMs > BigInt(queryRangeMsMax))
    throw badRequest(
      `the query time range exceeds the limit (query length: ${rangeMs / 3_600_000n}h, limit: ${queryRangeMsMax / 3_600_000}h)`,
    );
}

export function stepsOf({ startNs, endNs }: TimeRange, stepNs: bigint, { queryStepsMax }: Limits): TimeSteps {
  const count = (endNs - startNs) / stepNs + 1n;
  if (count > BigInt(queryStepsMax))
    throw badRequest(
      `exceeded maximum resolution of ${queryStepsMax} points per time series. Try increasing the value of the step parameter`,
    );
  return { startNs, stepNs, count: Number(count) };
}
