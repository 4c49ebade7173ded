import { jsonAnswer } from '../http/answer.ts';
import type { Endpoint } from '../http/api.ts';
import { parseRange } from '../http/parameters.ts';
import { parseLogQuery } from '../logql/parse.ts';
import { sizeByStream } from '../query/estimate-bytes.ts';
import { wholeKilobytes } from '../query/stored-bytes.ts';

/** GET /loki/api/v1/index/stats */
export const indexStats: Endpoint = async (api, request) => {
  const { startNs, endNs } = parseRange(request.parameters, api.now());
  const { matchers } = parseLogQuery(request.parameters.get('query') ?? '');
  const asked = { fromNs: startNs, toNs: endNs };
  const known = api.statsRanges.around(request.tenants, matchers, asked);
  const share = Number(endNs - startNs) / Number(known.toNs - known.fromNs);
  return api.slots.run(request.tenants, request.signal, async (context) => {
    const streams = context.store.streams.select(context.tenants, matchers);
    const scan = { streams, ...known, toNs: known.toNs + 1n, conditions: [] };
    const sizes = await context.store.read(context.signal, (connection) =>
      sizeByStream(context.store, connection, scan),
    );
    const entries = sizes.reduce((total, { lines }) => total + lines, 0);
    const bytes = sizes.reduce((total, size) => total + wholeKilobytes(size.bytes), 0);
    return jsonAnswer({
      streams: sizes.length,
      chunks: sizes.length,
      bytes: Math.trunc(bytes * share),
      entries: Math.trunc(entries * share),
    });
  });
};
