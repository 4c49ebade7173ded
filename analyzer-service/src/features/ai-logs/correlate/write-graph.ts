import type { Latency, ServiceGraph } from '../../../engine/requests/call-graph.ts';
import { milliseconds } from '../write-finding.ts';
import type { GraphAnswer } from './schema.ts';

/** Fewer are requests that the edge of the window tore apart. */
const ENTRY_SHARE = 0.1;

/** The graph as the API says it; `scale` makes what was sampled stand for the whole window. */
export function writeGraph(
  graph: ServiceGraph,
  counted: ReadonlyMap<string, { lines: number; errors: number }>,
  scale: number,
  field: string,
): Pick<GraphAnswer, 'requests' | 'services' | 'edges' | 'cascades'> {
  const nodes = new Map(graph.services.map((node) => [node.service, node]));
  return {
    requests: {
      total: Math.round(graph.requests * scale),
      read: graph.requests,
      failed_share: share(graph.failedRequests, graph.requests),
    },
    services: [...new Set([...nodes.keys(), ...counted.keys()])].map((service) => {
      const node = nodes.get(service);
      const { lines, errors } = counted.get(service) ?? { lines: 0, errors: 0 };
      return {
        service,
        lines,
        errors,
        error_share: share(errors, lines),
        calls: Math.round((node?.calls ?? 0) * scale),
        failed_share: share(node?.failed ?? 0, node?.calls ?? 0),
        ...writeLatency(node?.duration),
        self_p50_ms: milliseconds(node?.self.p50Ms ?? 0),
        self_p95_ms: milliseconds(node?.self.p95Ms ?? 0),
        self_share: Math.round((node?.selfShare ?? 0) * 1_000) / 1_000,
        entry: share(node?.entries ?? 0, node?.calls ?? 0) >= ENTRY_SHARE,
      };
    }),
    edges: graph.edges.map((edge) => ({
      caller: edge.caller,
      callee: edge.callee,
      calls: Math.round(edge.calls * scale),
      failed_share: share(edge.failed, edge.calls),
      asynchronous: edge.asynchronous * 2 > edge.calls,
      ...writeLatency(edge.latency),
    })),
    cascades: graph.cascades.map(({ origin, requests, silent, followers, path, exampleId }) => ({
      origin,
      requests: Math.round(requests * scale),
      share_of_failed: share(requests, graph.failedRequests),
      silent: Math.round(silent * scale),
      followers: followers.map((one) => ({
        service: one.service,
        requests: Math.round(one.requests * scale),
      })),
      path: [...path],
      example: { field, value: exampleId },
    })),
  };
}

function writeLatency(latency: Latency | undefined): { p50_ms: number; p95_ms: number; p99_ms: number } {
  return {
    p50_ms: milliseconds(latency?.p50Ms ?? 0),
    p95_ms: milliseconds(latency?.p95Ms ?? 0),
    p99_ms: milliseconds(latency?.p99Ms ?? 0),
  };
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.round((part / whole) * 10_000) / 10_000 : 0;
}
