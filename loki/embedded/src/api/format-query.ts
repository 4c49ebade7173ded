import { LokiError } from '../errors.ts';
import { jsonAnswer } from '../http/answer.ts';
import type { Endpoint } from '../http/api.ts';
import { formatQuery } from '../logql/format.ts';
import { parseQuery } from '../logql/parse.ts';

/** GET /loki/api/v1/format_query */
export const format: Endpoint = (_, { parameters }) => {
  try {
    return jsonAnswer({ status: 'success', data: formatQuery(parseQuery(parameters.get('query') ?? '')) });
  } catch (error) {
    if (!(error instanceof LokiError)) throw error;
    return { ...jsonAnswer({ status: 'invalid-query', error: error.message }), status: error.status };
  }
};
