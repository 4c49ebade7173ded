import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { ClockSkew } from './clock-skew.ts';
import { correctClocks, findClockSkews } from './clock-skew.ts';
import type { RequestAnalysis } from './request-analysis.ts';
import { analyzeRequests } from './request-analysis.ts';
import type { Place, RequestPath } from './request-path.ts';
import { followRequest, PlaceTable } from './request-path.ts';
import type { RequestStore } from './request-store.ts';
import type { ServiceGraph } from './service-graph.ts';
import { addToGraph, emptyGraph } from './service-graph.ts';

export interface FollowedRequests {
  readonly paths: readonly RequestPath[];
  readonly analysis: RequestAnalysis;
  /** Of the window alone. */
  readonly graph: ServiceGraph;
  readonly clockSkews: readonly ClockSkew[];
}

export interface FollowQuestion {
  readonly grid: TimeGrid;
  readonly store: RequestStore;
  readonly templateOf: (handle: number) => Place['template'];
  readonly stepsMax: number;
}

const REQUESTS_A_TURN = 500;

/** Everything that is known from lines that share an id. Yields now and then, so that a caller can pause. */
export function* followRequests(question: FollowQuestion): Generator<undefined, FollowedRequests> {
  const { grid, store, templateOf, stepsMax } = question;
  const trails = store.trails();
  yield;
  const clockSkews = findClockSkews(trails);
  const places = new PlaceTable();
  const paths: RequestPath[] = [];
  const graph = emptyGraph();
  for (const trail of correctClocks(trails, clockSkews)) {
    const path = followRequest(trail, (line, handle) => places.number(line, templateOf(handle)));
    paths.push(path);
    if (grid.isInWindow(path.events[0]?.timeMs ?? NaN)) addToGraph(graph, path);
    if (paths.length % REQUESTS_A_TURN === 0) yield;
  }
  const analysis = yield* analyzeRequests(grid, paths, places.places, stepsMax);
  yield;
  return { paths, analysis, graph, clockSkews };
}
