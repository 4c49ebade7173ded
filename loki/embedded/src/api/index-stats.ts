import { jsonAnswer } from '../http/answer.ts';
import type { Endpoint } from '../http/api.ts';
import { parseRange } from '../http/parameters.ts';
import { parseLogQuery } from '../logql/parse.ts';
import { STORED_BYTES, wholeKilobytes } from '../query/stored-bytes.ts';
import { aggregate, sourceOf } from '../store/scan.ts';

/** GET /loki/api/v1/index/stats */
export const indexStats: Endpoint = async (api, request) => {
  const { startNs, endNs } = parseRange(request.parameters, api.now());
  const { matchers } = parseLogQuery(request.parameters.get('query') ?? '');
  const asked = { fromNs: startNs, toNs: endNs };
  const known = api.statsRanges.around(request.tenants, matchers, asked);
  const share = Number(endNs - startNs) / Number(known.toNs - known.fromNs);
  return api.slots.run(request.tenants, request.signal, async (context) => {
    const streams = context.store.streams.select(context.tenants, matchers);
    const source = sourceOf(context.store, { streams, ...known, toNs: known.toNs + 1n, conditions: [] });
    if (!source) return jsonAnswer({ streams: 0, chunks: 0, bytes: 0, entries: 0 });
    const rows = (await context.store.read(context.signal, (connection) =>
      aggregate(connection, source, `count(*)::DOUBLE, sum(${STORED_BYTES})::DOUBLE`, 'GROUP BY stream'),
    )) as [number, number][];
    const entries = rows.reduce((total, [count]) => total + count, 0);
    const bytes = rows.reduce((total, [, size]) => total + wholeKilobytes(size), 0);
    return jsonAnswer({
      streams: rows.length,
      chunks: rows.length,
      bytes: Math.trunc(bytes * share),
      entries: Math.trunc(entries * share),
    });
  });
};
