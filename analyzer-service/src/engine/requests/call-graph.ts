import { DirectedGraph } from 'graphology';
import { dijkstra } from 'graphology-shortest-path';
import { isErrorLevel } from '../log-line.ts';
import type { RequestCourse } from './request-course.ts';

/** Milliseconds. */
export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export interface ServiceNode {
  readonly service: string;
  /** Spans: how often it took part in a request. */
  readonly calls: number;
  /** Spans with an error line. */
  readonly failed: number;
  readonly duration: Latency;
  /** Without the time in which it waited for others. */
  readonly self: Latency;
  /** 0 to 1: its part of the own time of all services together. */
  readonly selfShare: number;
  /** Requests that begin here. */
  readonly entries: number;
}

interface CallEdge {
  readonly caller: string;
  readonly callee: string;
  readonly calls: number;
  readonly failed: number;
  /** Calls that the caller did not wait for. */
  readonly asynchronous: number;
  /** Of the callee, over calls that the caller waited for. */
  readonly latency: Latency;
}

/** Requests that broke in the same service. */
interface Cascade {
  readonly origin: string;
  readonly requests: number;
  /** Those of them in which the origin fell silent instead of writing an error. */
  readonly silent: number;
  /** Services that wrote errors after it, most requests first. */
  readonly followers: readonly { readonly service: string; readonly requests: number }[];
  /** The usual way of calls from a service in which requests begin to the origin. */
  readonly path: readonly string[];
  readonly exampleId: string;
}

export interface ServiceGraph {
  readonly requests: number;
  readonly failedRequests: number;
  /** Most time of their own first. */
  readonly services: readonly ServiceNode[];
  /** Most calls first. */
  readonly edges: readonly CallEdge[];
  /** Most requests first. */
  readonly cascades: readonly Cascade[];
}

/** Who calls whom, how long it takes and what fails, from followed requests. Linear in their spans. */
export function serviceGraph(requests: ReadonlyMap<string, RequestCourse>): ServiceGraph {
  const graph = new DirectedGraph<NodeDraft, EdgeDraft>();
  const failures = new Map<string, CascadeDraft>();
  let failedRequests = 0;
  for (const [id, course] of requests) {
    addCourse(graph, course);
    if (course.brokeAt === null) continue;
    failedRequests += 1;
    addFailure(failures, id, course.brokeAt);
  }
  const nodes = graph.mapNodes((service, draft) => ({ service, draft }));
  const totalSelfMs = nodes.reduce((sum, { draft }) => sum + sumOf(draft.selfMs), 0);
  return {
    requests: requests.size,
    failedRequests,
    services: nodes
      .map(({ service, draft }) => finishNode(service, draft, totalSelfMs))
      .sort((a, b) => b.selfShare - a.selfShare || compare(a.service, b.service)),
    edges: graph
      .mapEdges((_, draft, caller, callee) => finishEdge(caller, callee, draft))
      .sort((a, b) => b.calls - a.calls || compare(a.caller + a.callee, b.caller + b.callee)),
    cascades: [...failures]
      .map(([origin, draft]) => finishCascade(graph, origin, draft))
      .sort((a, b) => b.requests - a.requests || compare(a.origin, b.origin)),
  };
}

interface NodeDraft {
  failed: number;
  entries: number;
  readonly durationsMs: number[];
  readonly selfMs: number[];
}

interface EdgeDraft {
  calls: number;
  failed: number;
  asynchronous: number;
  readonly durationsMs: number[];
}

interface CascadeDraft {
  requests: number;
  silent: number;
  readonly followers: Map<string, number>;
  readonly exampleId: string;
}

type Graph = DirectedGraph<NodeDraft, EdgeDraft>;

function addCourse(graph: Graph, { spans }: RequestCourse): void {
  for (const span of spans) {
    const durationMs = span.endMs - span.startMs;
    const failed = span.unanswered || span.lines.some(({ level }) => isErrorLevel(level)) ? 1 : 0;
    const node = nodeOf(graph, span.service);
    node.failed += failed;
    node.durationsMs.push(durationMs);
    node.selfMs.push(Math.max(0, span.selfMs));
    const caller = spans[span.parent];
    if (caller === undefined) {
      node.entries += 1;
      continue;
    }
    if (caller.service === span.service) continue;
    const edge = edgeOf(graph, caller.service, span.service);
    edge.calls += 1;
    edge.failed += failed;
    if (span.asynchronous) edge.asynchronous += 1;
    else edge.durationsMs.push(durationMs);
  }
}

function nodeOf(graph: Graph, service: string): NodeDraft {
  if (!graph.hasNode(service)) graph.addNode(service, { failed: 0, entries: 0, durationsMs: [], selfMs: [] });
  return graph.getNodeAttributes(service);
}

function edgeOf(graph: Graph, caller: string, callee: string): EdgeDraft {
  if (!graph.hasEdge(caller, callee))
    graph.addEdge(caller, callee, { calls: 0, failed: 0, asynchronous: 0, durationsMs: [] });
  return graph.getEdgeAttributes(graph.edge(caller, callee));
}

function addFailure(
  failures: Map<string, CascadeDraft>,
  id: string,
  { service, how, followers }: NonNullable<RequestCourse['brokeAt']>,
): void {
  const draft = failures.get(service) ?? { requests: 0, silent: 0, followers: new Map(), exampleId: id };
  failures.set(service, draft);
  draft.requests += 1;
  if (how === 'silence') draft.silent += 1;
  for (const follower of followers) draft.followers.set(follower, (draft.followers.get(follower) ?? 0) + 1);
}

function finishNode(service: string, draft: NodeDraft, totalSelfMs: number): ServiceNode {
  return {
    service,
    calls: draft.durationsMs.length,
    failed: draft.failed,
    duration: latencyOf(draft.durationsMs),
    self: latencyOf(draft.selfMs),
    selfShare: totalSelfMs > 0 ? sumOf(draft.selfMs) / totalSelfMs : 0,
    entries: draft.entries,
  };
}

function finishEdge(caller: string, callee: string, draft: EdgeDraft): CallEdge {
  const { calls, failed, asynchronous, durationsMs } = draft;
  return { caller, callee, calls, failed, asynchronous, latency: latencyOf(durationsMs) };
}

function finishCascade(graph: Graph, origin: string, draft: CascadeDraft): Cascade {
  const followers = [...draft.followers].map(([service, requests]) => ({ service, requests }));
  return {
    origin,
    requests: draft.requests,
    silent: draft.silent,
    followers: followers.sort((a, b) => b.requests - a.requests || compare(a.service, b.service)),
    path: pathTo(graph, origin),
    exampleId: draft.exampleId,
  };
}

function pathTo(graph: Graph, origin: string): readonly string[] {
  const entries = graph
    .filterNodes((_, { entries: begun }) => begun > 0)
    .sort((a, b) => graph.getNodeAttribute(b, 'entries') - graph.getNodeAttribute(a, 'entries'));
  for (const entry of entries) {
    const path = dijkstra.bidirectional(graph, entry, origin, rarity(graph));
    if (path) return path;
  }
  return [origin];
}

/** How many calls a service gets for each that comes along an edge: a caller that is seldom seen is seldom right. */
function rarity(graph: Graph): (edge: string) => number {
  return (edge) => {
    const callee = graph.target(edge);
    const calls = graph.reduceInEdges(callee, (sum, _, draft) => sum + draft.calls, 0);
    return calls / Math.max(1, graph.getEdgeAttribute(edge, 'calls'));
  };
}

/** Nearest rank; 0 for no values. */
function latencyOf(valuesMs: readonly number[]): Latency {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const at = (quantile: number) => sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
