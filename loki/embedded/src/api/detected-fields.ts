import { jsonAnswer } from '../http/answer.ts';
import type { Api, Endpoint } from '../http/api.ts';
import { parseLimit, parseRange } from '../http/parameters.ts';
import type { LokiRequest } from '../http/request.ts';
import { parseLogQuery } from '../logql/parse.ts';
import { detectFields, type DetectedField } from '../query/detected-fields.ts';

const DEFAULT_LINES = 100;
const DEFAULT_FIELDS = 1000;

/** GET /loki/api/v1/detected_fields */
export const detectedFields: Endpoint = async (api, request) => {
  const limit = fieldsLimit(request);
  const found = await fieldsOf(api, request);
  const fields = [...found].slice(0, limit).map(([label, { type, values, parsers }]) => ({
    label,
    type,
    cardinality: values.size,
    parsers: parsers.size === 0 ? null : [...parsers],
  }));
  return jsonAnswer({ fields, limit });
};

/** GET /loki/api/v1/detected_field/<name>/values */
export const detectedFieldValues =
  (name: string): Endpoint =>
  async (api, request) => {
    const limit = fieldsLimit(request);
    const field = (await fieldsOf(api, request)).get(name);
    return jsonAnswer({ values: [...(field?.values ?? [])].slice(0, limit), limit });
  };

const fieldsLimit = ({ parameters }: LokiRequest): number =>
  parseLimit(parameters.get('limit') ?? parameters.get('field_limit'), DEFAULT_FIELDS, DEFAULT_FIELDS * 10);

function fieldsOf(
  api: Api,
  { parameters, tenants, signal }: LokiRequest,
): Promise<Map<string, DetectedField>> {
  const { startNs, endNs } = parseRange(parameters, api.now());
  const query = parseLogQuery(parameters.get('query') ?? '');
  const lines = parseLimit(parameters.get('line_limit'), DEFAULT_LINES, api.limits.entriesPerQueryMax);
  return api.slots.run(tenants, signal, (context) =>
    detectFields(context, query, { fromNs: startNs, toNs: endNs }, lines),
  );
}
