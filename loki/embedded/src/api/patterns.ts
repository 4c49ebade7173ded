import { jsonAnswer } from '../http/answer.ts';
import type { Endpoint } from '../http/api.ts';
import { parseRange, parseStepNs } from '../http/parameters.ts';
import { parseSelector } from '../logql/parse.ts';
import { LINES_A_BREATH } from '../breather.ts';
import { PatternClusters } from '../query/pattern-clusters.ts';
import { readUnordered } from '../store/read-unordered.ts';
import { stepsOf } from '../query/time-steps.ts';

const LINES_MAX = 200_000;

/** GET /loki/api/v1/patterns */
export const patterns: Endpoint = async (api, request) => {
  const range = parseRange(request.parameters, api.now());
  const stepNs = parseStepNs(request.parameters.get('step'), range);
  stepsOf(range, stepNs, api.limits);
  const matchers = parseSelector(request.parameters.get('query') ?? '');
  const clusters = new PatternClusters();
  await api.slots.run(request.tenants, request.signal, async (context) => {
    const streams = context.store.streams.select(context.tenants, matchers);
    const scan = { streams, fromNs: range.startNs, toNs: range.endNs, conditions: [] };
    let read = 0;
    await context.store.read(context.signal, async (connection) => {
      for await (const { lines, times } of readUnordered(context.store, connection, scan)) {
        for (const [index, line] of lines.entries()) {
          if (index % LINES_A_BREATH === 0) await context.breather.breathe();
          clusters.add(line, Number(BigInt(times[index] ?? 0) / stepNs));
        }
        read += lines.length;
        if (read >= LINES_MAX) return;
      }
    });
  });
  const data = clusters.patterns().map(({ pattern, counts }) => ({
    pattern,
    samples: [...counts]
      .toSorted(([a], [b]) => a - b)
      .map(([step, count]) => [Number((BigInt(step) * stepNs) / 1_000_000_000n), count]),
  }));
  return jsonAnswer({ status: 'success', data });
};
