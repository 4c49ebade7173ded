import type { LogLine } from '../log-line.ts';
import { isErrorLevel } from '../log-line.ts';
import type { RequestPath } from './request-path.ts';

/** One stay of a request at a service. */
export interface RequestStep {
  readonly service: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Time between its own lines while nobody else wrote, and the wait before its first line. */
  readonly selfMs: number;
  readonly gapBeforeMs: number;
  readonly lines: number;
  readonly failed: boolean;
}

/** A request that differs from the usual ones, with its way through the services. */
export interface UnusualRequest {
  readonly id: string;
  readonly startMs: number;
  readonly durationMs: number;
  /** The service at which it left its usual way; null when it was only slow. */
  readonly brokeAt: string | null;
  readonly steps: readonly RequestStep[];
  readonly evidence: readonly LogLine[];
}

export interface UnusualQuestion {
  readonly paths: readonly RequestPath[];
  readonly isInWindow: (timeMs: number) => boolean;
  readonly brokeAt: (requestId: string) => string | null;
  readonly requestsMax: number;
}

/**
 * The requests of the window that broke, and those that took longer than nearly all requests of the baseline that
 * began at the same place. Broken ones first, then the slowest.
 */
export function findUnusualRequests(question: UnusualQuestion): UnusualRequest[] {
  const usualMs = usualDurations(question);
  const unusual: { path: RequestPath; broke: string | null; excess: number }[] = [];
  for (const path of question.paths) {
    const first = path.events[0];
    if (first === undefined || !question.isInWindow(first.timeMs)) continue;
    const broke = question.brokeAt(path.id);
    const limitMs = usualMs.get(first.place) ?? Infinity;
    const excess = durationMs(path) / limitMs;
    if (broke !== null || excess > SLOW_FACTOR) unusual.push({ path, broke, excess });
  }
  return unusual
    .sort((a, b) => Number(b.broke !== null) - Number(a.broke !== null) || b.excess - a.excess)
    .slice(0, question.requestsMax)
    .map(({ path, broke }) => describe(path, broke));
}

const USUAL_QUANTILE = 0.99;
const SLOW_FACTOR = 2;
const USUAL_REQUESTS_MIN = 20;
const EVIDENCE_MAX = 5;

/** By the place where requests begin: the duration that 99 of 100 baseline requests stay below. */
function usualDurations({ paths, isInWindow }: UnusualQuestion): Map<number, number> {
  const byPlace = new Map<number, number[]>();
  for (const path of paths) {
    const first = path.events[0];
    if (first === undefined || isInWindow(first.timeMs)) continue;
    const durations = byPlace.get(first.place);
    if (durations === undefined) byPlace.set(first.place, [durationMs(path)]);
    else durations.push(durationMs(path));
  }
  const usual = new Map<number, number>();
  for (const [place, durations] of byPlace) {
    if (durations.length < USUAL_REQUESTS_MIN) continue;
    durations.sort((a, b) => a - b);
    usual.set(place, durations[Math.floor(USUAL_QUANTILE * (durations.length - 1))] ?? Infinity);
  }
  return usual;
}

function describe(path: RequestPath, brokeAt: string | null): UnusualRequest {
  const failures = path.events.filter(({ line }) => isErrorLevel(line.level)).map(({ line }) => line);
  return {
    id: path.id,
    startMs: path.events[0]?.timeMs ?? 0,
    durationMs: durationMs(path),
    brokeAt,
    steps: stepsThrough(path),
    evidence: (failures.length > 0 ? failures : path.events.map(({ line }) => line)).slice(0, EVIDENCE_MAX),
  };
}

/** The stays of a request, in order: consecutive lines of one service are one stay. */
export function stepsThrough(path: RequestPath): RequestStep[] {
  const steps: RequestStep[] = [];
  let start = 0;
  for (let index = 1; index <= path.events.length; index += 1) {
    const first = path.events[start];
    if (first === undefined) break;
    if (index < path.events.length && path.events[index]?.line.service === first.line.service) continue;
    const stay = path.events.slice(start, index);
    const endMs = stay.at(-1)?.timeMs ?? first.timeMs;
    steps.push({
      service: first.line.service,
      startMs: first.timeMs,
      endMs,
      selfMs: endMs - first.timeMs,
      gapBeforeMs: start === 0 ? 0 : first.timeMs - (path.events[start - 1]?.timeMs ?? first.timeMs),
      lines: stay.length,
      failed: stay.some(({ line }) => isErrorLevel(line.level)),
    });
    start = index;
  }
  return steps;
}

function durationMs(path: RequestPath): number {
  return (path.events.at(-1)?.timeMs ?? 0) - (path.events[0]?.timeMs ?? 0);
}
