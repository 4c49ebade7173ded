import type { LogLine } from '../log-line.ts';
import { isErrorLevel } from '../log-line.ts';
import type { RequestTrail } from './request-store.ts';

/** How the failing requests of the window failed. */
export interface FailureOrder {
  /** Requests of the window in which some service logged an error. */
  readonly failedRequests: number;
  /** By service: requests in which it logged an error, and in which it did so first. */
  readonly services: ReadonlyMap<string, ServiceFailures>;
}

export interface ServiceFailures {
  readonly failed: number;
  readonly first: number;
  /** Median time from its first error to the next service's, over requests in which it was first, in ms. */
  readonly leadMs: readonly number[];
  /** Services that failed after it, with the number of requests. */
  readonly followers: ReadonlyMap<string, number>;
  /** The first errors of the earliest requests that it broke: at most 5 lines. */
  readonly evidence: readonly LogLine[];
}

interface Draft {
  failed: number;
  first: number;
  leadMs: number[];
  followers: Map<string, number>;
  evidence: LogLine[];
}

/**
 * Who failed first, request by request: the order of each service's first error line. In synchronous calls the
 * callee's error comes before its caller's. `isFailure` says which lines count (those that the baseline explains
 * do not).
 */
export function orderFailures(
  trails: readonly RequestTrail[],
  isFailure: (line: LogLine, handle: number) => boolean,
): FailureOrder {
  const services = new Map<string, Draft>();
  let failedRequests = 0;
  for (const trail of trails) {
    const firsts = firstErrors(trail, isFailure);
    const origin = firsts[0];
    if (origin === undefined) continue;
    failedRequests += 1;
    for (const line of firsts) draftOf(services, line.service).failed += 1;
    const draft = draftOf(services, origin.service);
    draft.first += 1;
    const next = firsts[1];
    if (next === undefined) continue;
    draft.leadMs.push(next.timeMs - origin.timeMs);
    for (const line of firsts.slice(1)) {
      draft.followers.set(line.service, (draft.followers.get(line.service) ?? 0) + 1);
    }
    if (draft.evidence.length < EVIDENCE_MAX - 1) draft.evidence.push(origin, next);
  }
  return { failedRequests, services };
}

const EVIDENCE_MAX = 5;

/** The first failure of each service in the request, in time order. */
function firstErrors(trail: RequestTrail, isFailure: (line: LogLine, handle: number) => boolean): LogLine[] {
  const seen = new Set<string>();
  const firsts: LogLine[] = [];
  for (const { line, handle, inWindow } of trail.events) {
    if (!inWindow || !isErrorLevel(line.level) || seen.has(line.service) || !isFailure(line, handle))
      continue;
    seen.add(line.service);
    firsts.push(line);
  }
  return firsts;
}

function draftOf(services: Map<string, Draft>, service: string): Draft {
  let draft = services.get(service);
  if (draft === undefined) {
    draft = { failed: 0, first: 0, leadMs: [], followers: new Map(), evidence: [] };
    services.set(service, draft);
  }
  return draft;
}
