import { DirectedGraph } from 'graphology';
import { bidirectional } from 'graphology-shortest-path';
import { LogHistogram } from '../anomalies/log-histogram.ts';
import { isErrorLevel } from '../log-line.ts';
import type { PathEvent, RequestPath } from './request-path.ts';

/** A service of a window. */
interface ServiceNode {
  /** Requests that came to it, and those in which it logged an error. */
  requests: number;
  failedRequests: number;
  /** Time that requests spent between its lines while nobody else wrote, in milliseconds. */
  selfMs: number;
}

/** The calls from one service to another. */
interface CallEdge {
  calls: number;
  /** Calls in which the callee logged an error. */
  failedCalls: number;
  /** From the caller's line to its next one, in milliseconds. */
  readonly latency: LogHistogram;
}

export type ServiceGraph = DirectedGraph<ServiceNode, CallEdge>;

export function emptyGraph(): ServiceGraph {
  return new DirectedGraph();
}

/** Adds who called whom in one request, how long and how badly. Linear in its lines. */
export function addToGraph(graph: ServiceGraph, path: RequestPath): void {
  addServices(graph, path);
  for (const [index, event] of path.events.entries()) {
    const caller = event.opensSpan ? path.events[event.calledFrom] : undefined;
    if (caller !== undefined && caller.line.service !== event.line.service)
      addCall(graph, path, caller, index);
  }
}

function addServices(graph: ServiceGraph, path: RequestPath): void {
  const failed = new Map<string, boolean>();
  for (const [index, { line, timeMs }] of path.events.entries()) {
    const node = nodeOf(graph, line.service);
    failed.set(line.service, failed.get(line.service) === true || isErrorLevel(line.level));
    const next = path.events[index + 1];
    if (next !== undefined && next.line.service === line.service) node.selfMs += next.timeMs - timeMs;
  }
  for (const [service, hasFailed] of failed) {
    const node = nodeOf(graph, service);
    node.requests += 1;
    if (hasFailed) node.failedRequests += 1;
  }
}

function addCall(graph: ServiceGraph, path: RequestPath, caller: PathEvent, opening: number): void {
  const callee = path.events[opening];
  if (callee === undefined) return;
  const edge = edgeOf(graph, caller.line.service, callee.line.service);
  const end = caller.nextInSpan < 0 ? path.events.length - 1 : caller.nextInSpan;
  const during = path.events
    .slice(opening, end + 1)
    .filter(({ line }) => line.service === callee.line.service);
  edge.calls += 1;
  if (during.some(({ line }) => isErrorLevel(line.level))) edge.failedCalls += 1;
  edge.latency.add(Math.max(0, (path.events[end]?.timeMs ?? caller.timeMs) - caller.timeMs));
}

function nodeOf(graph: ServiceGraph, service: string): ServiceNode {
  if (!graph.hasNode(service)) graph.addNode(service, { requests: 0, failedRequests: 0, selfMs: 0 });
  return graph.getNodeAttributes(service);
}

function edgeOf(graph: ServiceGraph, caller: string, callee: string): CallEdge {
  if (!graph.hasEdge(caller, callee)) {
    graph.addEdge(caller, callee, { calls: 0, failedCalls: 0, latency: new LogHistogram() });
  }
  return graph.getEdgeAttributes(caller, callee);
}

/** The shortest way of calls from one service to another, both included; null when there is none. */
export function dependencyPath(graph: ServiceGraph, from: string, to: string): readonly string[] | null {
  if (!graph.hasNode(from) || !graph.hasNode(to)) return null;
  return bidirectional(graph, from, to);
}

/** The service at which most requests enter: called by nobody more often than it calls; null for an empty graph. */
export function entryService(graph: ServiceGraph): string | null {
  let entry: { service: string; surplus: number } | null = null;
  graph.forEachNode((service) => {
    const calls = (edges: readonly string[]) =>
      edges.reduce((sum, edge) => sum + graph.getEdgeAttribute(edge, 'calls'), 0);
    const surplus = calls(graph.outEdges(service)) - calls(graph.inEdges(service));
    if (entry === null || surplus > entry.surplus) entry = { service, surplus };
  });
  return (entry as { service: string } | null)?.service ?? null;
}

/** Plain data of the graph, for an answer. */
export interface ServiceGraphSummary {
  readonly services: readonly (Readonly<ServiceNode> & { readonly service: string })[];
  readonly calls: readonly {
    readonly caller: string;
    readonly callee: string;
    readonly calls: number;
    /** 0 to 1. */
    readonly errorShare: number;
    readonly medianMs: number;
    readonly p95Ms: number;
  }[];
  /** Services by the share of all own time that requests spend in them, largest first: where making haste pays. */
  readonly bottlenecks: readonly { readonly service: string; readonly share: number }[];
}

export function summarizeGraph(graph: ServiceGraph): ServiceGraphSummary {
  const services = graph.mapNodes((service, node) => Object.assign({ service }, node));
  const totalMs = services.reduce((sum, { selfMs }) => sum + selfMs, 0);
  const calls = graph.mapEdges((_edge, { calls, failedCalls, latency }, caller, callee) => {
    const [medianMs, p95Ms] = [latency.quantile(0.5), latency.quantile(0.95)];
    return { caller, callee, calls, errorShare: failedCalls / calls, medianMs, p95Ms };
  });
  return {
    services: services.sort((a, b) => b.requests - a.requests || (a.service < b.service ? -1 : 1)),
    calls: calls.sort((a, b) => b.calls - a.calls || (a.caller + a.callee < b.caller + b.callee ? -1 : 1)),
    bottlenecks: services
      .filter(({ selfMs }) => selfMs > 0)
      .map(({ service, selfMs }) => ({ service, share: selfMs / totalMs }))
      .sort((a, b) => b.share - a.share || (a.service < b.service ? -1 : 1)),
  };
}
