import { median, medianDeviation } from '../anomalies/robust.ts';
import type { RequestTrail } from './request-store.ts';

/** A service whose clock runs behind or ahead of the services that call it. */
export interface ClockSkew {
  readonly service: string;
  /** Milliseconds to add to its times; below 0 where its clock runs ahead. */
  readonly correctionMs: number;
  /** Requests in which its lines stood outside those of its caller. */
  readonly requests: number;
}

/**
 * Notices clocks that disagree: the lines of a service stand before (or after) all lines of the service that encloses
 * it in time, again and again by the same amount. What is called cannot start before its caller nor outlast it, so it
 * is put into the middle, as Jaeger does for spans. Work that goes on after the answer varies too much to be taken
 * for a clock; and where the two overlap, a callee may
 * simply outlast a caller that gave up: neither is touched.
 */
export function findClockSkews(trails: readonly RequestTrail[]): ClockSkew[] {
  const offsets = new Map<string, { shifts: number[]; seen: number }>();
  for (const trail of trails) {
    const spans = spansOf(trail);
    const outer = longest(spans);
    if (outer === null) continue;
    for (const span of spans) {
      if (span === outer || span.lines < 2) continue;
      let offset = offsets.get(span.service);
      if (offset === undefined) offsets.set(span.service, (offset = { shifts: [], seen: 0 }));
      offset.seen += 1;
      const isOutside = span.endMs < outer.startMs - SKEW_MIN_MS || span.startMs > outer.endMs + SKEW_MIN_MS;
      if (isOutside) offset.shifts.push(shiftInto(outer, span));
    }
  }
  const skews: ClockSkew[] = [];
  for (const [service, { shifts, seen }] of offsets) {
    const correctionMs = median(shifts);
    if (shifts.length < REQUESTS_MIN || shifts.length < SHARE_MIN * seen) continue;
    if (
      Math.abs(correctionMs) < SKEW_MIN_MS ||
      medianDeviation(shifts) > VARIATION_MAX * Math.abs(correctionMs)
    )
      continue;
    skews.push({ service, correctionMs, requests: shifts.length });
  }
  return skews.sort((a, b) => (a.service < b.service ? -1 : 1));
}

const REQUESTS_MIN = 20;
const SHARE_MIN = 0.8;
const SKEW_MIN_MS = 5;
const VARIATION_MAX = 0.2;

interface ServiceSpan {
  readonly service: string;
  readonly startMs: number;
  endMs: number;
  lines: number;
}

function spansOf(trail: RequestTrail): ServiceSpan[] {
  const spans = new Map<string, ServiceSpan>();
  for (const { line } of trail.events) {
    const span = spans.get(line.service);
    if (span === undefined) {
      spans.set(line.service, { service: line.service, startMs: line.timeMs, endMs: line.timeMs, lines: 1 });
    } else {
      span.endMs = Math.max(span.endMs, line.timeMs);
      span.lines += 1;
    }
  }
  return [...spans.values()];
}

function longest(spans: readonly ServiceSpan[]): ServiceSpan | null {
  let found: ServiceSpan | null = null;
  for (const span of spans) {
    if (span.lines >= 2 && (found === null || span.endMs - span.startMs > found.endMs - found.startMs))
      found = span;
  }
  return found;
}

function shiftInto(outer: ServiceSpan, span: ServiceSpan): number {
  return (outer.startMs + outer.endMs) / 2 - (span.startMs + span.endMs) / 2;
}

/** The same trails on one clock, in their new order. */
export function correctClocks(
  trails: readonly RequestTrail[],
  skews: readonly ClockSkew[],
): readonly RequestTrail[] {
  if (skews.length === 0) return trails;
  const corrections = new Map(skews.map(({ service, correctionMs }) => [service, correctionMs]));
  return trails.map(({ id, events }) => {
    const corrected = events.map(({ line, handle, timeMs }) => {
      return { line, handle, timeMs: timeMs + (corrections.get(line.service) ?? 0) };
    });
    return { id, events: corrected.sort((a, b) => a.timeMs - b.timeMs) };
  });
}
