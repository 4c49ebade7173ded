import type { ServiceGraph } from '../../../engine/requests/call-graph.ts';
import { duration, listed, named, percent, plural } from '../../../engine/findings/wording.ts';

/** The graph in two or three sentences: how much fails and where it starts, who takes the time. */
export function describeGraph(graph: ServiceGraph, linesCounted: number): string {
  if (linesCounted === 0) return 'No lines in this window: nothing can be said about it.';
  if (graph.requests === 0)
    return 'No line of this window carries the id of a request: log a correlation_id as structured metadata, or name yours in REQUEST_ID_FIELDS.';
  const { requests, failedRequests, services, edges, cascades } = graph;
  const [slowest] = services;
  const [cascade] = cascades;
  const failing =
    failedRequests === 0 || !cascade
      ? 'None of them failed.'
      : `${percent(failedRequests / requests)} of them failed; ${percent(cascade.requests / failedRequests)} of the failed broke in ${named(cascade.origin)}${followersOf(cascade)}.`;
  const slow = slowest
    ? `Most time is spent in ${named(slowest.service)}: ${percent(slowest.selfShare)} of all, ${duration(slowest.self.p95Ms)} at p95.`
    : '';
  return `${plural(requests, 'request')} through ${plural(services.length, 'service')} over ${edges.length} ${edges.length === 1 ? 'way' : 'ways'} of calling. ${failing} ${slow}`.trim();
}

function followersOf({ followers }: ServiceGraph['cascades'][number]): string {
  const names = followers.map(({ service }) => named(service));
  return names.length > 0 ? `, followed by ${listed(names)}` : '';
}
