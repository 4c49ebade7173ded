import type { DelayShift } from './delay-shifts.ts';
import type { DelaySeries } from './delay-table.ts';
import type { Place } from './request-path.ts';

/** How well "this service became slow" explains the delays of a window. */
export interface DelayBlame {
  readonly service: string;
  /** 0 to 1: share of all added time that it explains, times the share of its own gaps that are slower. */
  readonly fit: number;
  /** Time added to a request that passes through it, in milliseconds. */
  readonly addedMs: number;
  /** Its slower gaps, most added time first. */
  readonly shifts: readonly DelayShift[];
  readonly role: BlameRole;
}

/** Slow to answer whoever calls it, slow on the way to whomever it calls, or slow in its own work. */
type BlameRole = 'called' | 'calling' | 'working';

/**
 * Ranks the services by coverage (of all added time) times hit ratio (of their own gaps), as in locating faults by
 * shared risk groups (SCORE: Kompella, Yates, Greenberg & Snoeren, NSDI 2005). The groups of a service are: the ways
 * to and from its callers, the ways to and from those it calls, and its own work.
 */
export function blameDelays(
  shifts: readonly DelayShift[],
  all: Iterable<DelaySeries>,
  places: readonly Place[],
): DelayBlame[] {
  const groups = new Map<string, Group>();
  for (const series of all)
    for (const group of groupsOf(groups, series, places)) group.gaps += series.gapsMs.length;
  let totalMs = 0;
  for (const shift of shifts) {
    totalMs += addedTotalMs(shift);
    for (const group of groupsOf(groups, shift.series, places)) {
      group.slower += shift.series.gapsMs.length;
      group.addedMs += addedTotalMs(shift);
      group.shifts.push(shift);
    }
  }
  return [...groups.values()]
    .filter((group) => group.shifts.length > 0)
    .map((group) => blameOf(group, totalMs))
    .sort((a, b) => b.fit - a.fit || (a.service < b.service ? -1 : 1));
}

interface Group {
  readonly service: string;
  readonly role: BlameRole;
  gaps: number;
  slower: number;
  addedMs: number;
  readonly shifts: DelayShift[];
}

/** A caller whose calls are all slow, and a callee that is slow to all callers, look alike when they are alone. */
const CALLER_WEIGHT = 0.9;

function blameOf(group: Group, totalMs: number): DelayBlame {
  const weight = group.role === 'calling' ? CALLER_WEIGHT : 1;
  const requests = Math.max(...group.shifts.map((shift) => shift.count));
  return {
    service: group.service,
    role: group.role,
    fit: (weight * (group.addedMs / totalMs) * group.slower) / group.gaps,
    addedMs: group.addedMs / requests,
    shifts: group.shifts.sort((a, b) => addedTotalMs(b) - addedTotalMs(a)),
  };
}

function addedTotalMs(shift: DelayShift): number {
  return (shift.afterMs - shift.beforeMs) * shift.count;
}

function groupsOf(groups: Map<string, Group>, series: DelaySeries, places: readonly Place[]): Group[] {
  const from = places[series.from]?.service ?? '';
  const to = places[series.to]?.service ?? '';
  if (series.role === 'within') return [groupOf(groups, from, 'working')];
  const [caller, callee] = series.role === 'call' ? [from, to] : [to, from];
  return [groupOf(groups, callee, 'called'), groupOf(groups, caller, 'calling')];
}

function groupOf(groups: Map<string, Group>, service: string, role: BlameRole): Group {
  const key = `${role} ${service}`;
  let group = groups.get(key);
  if (group === undefined) {
    groups.set(key, (group = { service, role, gaps: 0, slower: 0, addedMs: 0, shifts: [] }));
  }
  return group;
}
