import { badRequest } from '../errors.ts';
import type { Endpoint } from '../http/api.ts';
import { jsonAnswer } from '../http/answer.ts';
import { parseLimit, parseRange, parseStepNs } from '../http/parameters.ts';
import { checkRange, stepsOf } from '../query/time-steps.ts';
import { parseQuery } from '../logql/parse.ts';
import { categorisedText, categorisedWriter } from '../query/categorised-lines.ts';
import { findLines, runLogQuery } from '../query/log-query.ts';
import type { Direction } from '../store/read-ordered.ts';
import { evaluateMetric } from '../query/metric-query.ts';
import { matrixText, streamsText } from '../query/results.ts';

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
    const { tenants, signal } = request;
    if (wantsCategories(request.headers)) {
      const writer = categorisedWriter(api.store.streams);
      const found = await api.slots.run(tenants, signal, (context) =>
        findLines(context, query, logRange, writer),
      );
      return { ...jsonAnswer(null), body: categorisedText(found) };
    }
    const found = await api.slots.run(tenants, signal, (context) => runLogQuery(context, query, logRange));
    return { ...jsonAnswer(null), body: streamsText(found) };
  }
  const steps = stepsOf(range, parseStepNs(parameters.get('step'), range), api.limits);
  api.statsRanges.note(request.tenants, query, steps);
  const value = await api.slots.run(request.tenants, request.signal, (context) =>
    evaluateMetric(context, query, steps),
  );
  return { ...jsonAnswer(null), body: matrixText(value, steps) };
};

const wantsCategories = (headers: Readonly<Record<string, string | string[] | undefined>>): boolean =>
  String(headers['x-loki-response-encoding-flags'] ?? '').includes('categorize-labels');

function parseDirection(text: string | null): Direction {
  const direction = (text ?? 'backward').toLowerCase();
  if (direction === '') return 'backward';
  if (direction !== 'forward' && direction !== 'backward') throw badRequest(`invalid direction '${text}'`);
  return direction;
}
