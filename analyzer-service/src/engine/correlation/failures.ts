import type { LogLine } from '../log-line.ts';
import { isErrorLevel } from '../log-line.ts';
import { namedCallee } from './named-callee.ts';
import type { RequestPath } from './request-path.ts';
import { depthAt, joinOrder } from './request-path.ts';

/** How the failing requests of the window failed. */
export interface FailureOrder {
  /** Requests of the window in which some service logged a failure. */
  readonly failedRequests: number;
  readonly services: ReadonlyMap<string, ServiceFailures>;
}

export interface ServiceFailures {
  /** Requests in which it failed, and in which it did so first. */
  readonly failed: number;
  readonly first: number;
  /** From its failure to the next service's, in milliseconds, for the requests in which it was first. */
  readonly leadsMs: readonly number[];
  /** Services that failed after it, with the number of requests. */
  readonly followers: ReadonlyMap<string, number>;
  /** When it first failed first; null when it never did. */
  readonly firstMs: number | null;
  /** The place of the line with which it failed first most often; null when none was seen. */
  readonly mainPlace: number | null;
  /** Failures of the earliest requests that it broke: at most 5 lines. */
  readonly evidence: readonly LogLine[];
}

export interface FailureQuestion {
  readonly paths: readonly RequestPath[];
  /** Which lines are failures: those that the baseline explains are not. */
  readonly isFailure: (line: LogLine, place: number) => boolean;
  /** The service at which the request first left its usual way, where that is known. */
  readonly brokeAt: (requestId: string) => string | null;
}

/**
 * Who failed first, request by request: where the request left its usual way, otherwise the service that the first
 * error speaks of (when the request came to it), otherwise the one that wrote it. Errors within a millisecond of each
 * other are one answer on its way back: the service that joined last was first.
 */
export function orderFailures({ paths, isFailure, brokeAt }: FailureQuestion): FailureOrder {
  const services = new Map<string, Draft>();
  let failedRequests = 0;
  for (const path of paths) {
    const failures = firstFailures(path, isFailure);
    if (failures.length === 0) continue;
    failedRequests += 1;
    for (const { line } of failures) draftOf(services, line.service).failed += 1;
    const blamed = brokeAt(path.id) ?? calleeOfFirst(path, failures);
    const origin = failures.find(({ line }) => line.service === blamed) ?? failures[0];
    if (origin === undefined) continue;
    recordOrigin(draftOf(services, blamed ?? origin.line.service), blamed, origin, failures);
  }
  for (const draft of services.values()) draft.mainPlace = mostFrequent(draft.places);
  return { failedRequests, services };
}

/** A caller that gives up complains before its callee does: its own words tell whom it waited for. */
function calleeOfFirst(path: RequestPath, failures: readonly Failure[]): string | null {
  const first = failures[0]?.line;
  if (first === undefined) return null;
  const joined = [...new Set(path.events.map(({ line }) => line.service))];
  return namedCallee(first.text, first.service, joined);
}

function mostFrequent(places: ReadonlyMap<number, number>): number | null {
  let most: number | null = null;
  for (const [place, count] of places) if (most === null || count > (places.get(most) ?? 0)) most = place;
  return most;
}

interface Draft {
  failed: number;
  first: number;
  firstMs: number | null;
  mainPlace: number | null;
  readonly places: Map<number, number>;
  readonly leadsMs: number[];
  readonly followers: Map<string, number>;
  readonly evidence: LogLine[];
}

interface Failure {
  readonly line: LogLine;
  readonly timeMs: number;
  readonly place: number;
  /** How many services the request had met when this one joined; -1 when it joined by failing. */
  readonly depth: number;
}

const EVIDENCE_MAX = 5;
const SAME_ANSWER_MS = 1;

function recordOrigin(
  draft: Draft,
  blamed: string | null,
  origin: Failure,
  failures: readonly Failure[],
): void {
  const service = blamed ?? origin.line.service;
  const others = failures.filter(({ line }) => line.service !== service);
  draft.first += 1;
  draft.firstMs ??= origin.timeMs;
  if (origin.line.service === service)
    draft.places.set(origin.place, (draft.places.get(origin.place) ?? 0) + 1);
  const next = others[0];
  if (next === undefined) return;
  if (origin.line.service === service) draft.leadsMs.push(next.timeMs - origin.timeMs);
  for (const { line } of others)
    draft.followers.set(line.service, (draft.followers.get(line.service) ?? 0) + 1);
  if (draft.evidence.length >= EVIDENCE_MAX - 1) return;
  for (const { line } of new Set([origin, next])) draft.evidence.push(line);
}

/** The first failure of each service, in the order in which they failed. */
function firstFailures(path: RequestPath, isFailure: FailureQuestion['isFailure']): Failure[] {
  const joined = joinOrder(path.events);
  const failures = new Map<string, Failure>();
  for (const event of path.events) {
    const { line, place, timeMs } = event;
    if (!isErrorLevel(line.level) || failures.has(line.service) || !isFailure(line, place)) continue;
    failures.set(line.service, { line, timeMs, place, depth: depthAt(joined, event) });
  }
  return [...failures.values()].sort((a, b) => {
    const gapMs = a.timeMs - b.timeMs;
    return Math.abs(gapMs) <= SAME_ANSWER_MS ? b.depth - a.depth : gapMs;
  });
}

function draftOf(services: Map<string, Draft>, service: string): Draft {
  let draft = services.get(service);
  if (draft === undefined) {
    draft = {
      failed: 0,
      first: 0,
      firstMs: null,
      mainPlace: null,
      places: new Map(),
      leadsMs: [],
      followers: new Map(),
      evidence: [],
    };
    services.set(service, draft);
  }
  return draft;
}
