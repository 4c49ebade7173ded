import type { ShareRise } from '../anomalies/share-test.ts';
import { findShareRise } from '../anomalies/share-test.ts';
import type { Place } from './request-path.ts';
import type { StepContext, StepKind, StepOutcome, StepTable } from './step-table.ts';
import { NOTHING } from './step-table.ts';

/** A place from which requests no longer go where they used to. */
export interface StepChange {
  readonly kind: StepKind;
  readonly place: number;
  /** Where they used to go, when that became rarer; null when something merely came on top. */
  readonly missing: number | null;
  /** Where they go instead, NOTHING included; null when that is spread over many places. */
  readonly instead: number | null;
  readonly rise: ShareRise;
  /** Outcomes that hardly any request had before: a request that has one deviates. */
  readonly deviant: ReadonlySet<number>;
  /** Whether nearly every request took the missing step before: then one that never takes it deviates too. */
  readonly missingWasUsual: boolean;
}

/**
 * Finds the places whose outcome changed, by the exact test on requests (not lines) with the best moment of change.
 * Comparing what follows what is the idea of Nezha (Yu et al., FSE 2023), here on lines alone.
 */
export function findStepChanges(
  table: StepTable,
  places: readonly Place[],
): { changes: StepChange[]; tested: number } {
  const changes: StepChange[] = [];
  let tested = 0;
  for (const context of table.contexts.values()) {
    if (context.baselineRequests + sum(context.requests) < REQUESTS_MIN) continue;
    tested += 1;
    const change = findChange(context, places);
    if (change !== null) changes.push(change);
  }
  return { changes, tested };
}

const REQUESTS_MIN = 6;
/** A way is rare when at most this share of requests took it, and usual when at least the rest did. */
const RARE = 0.1;

function findChange(context: StepContext, places: readonly Place[]): StepChange | null {
  const missing = lostWay(context);
  const instead = newWay(context);
  const rise = strongerOf(missing?.rise ?? null, instead?.rise ?? null);
  if (rise === null || isRecovery(missing?.outcome, instead?.outcome, places)) return null;
  return {
    kind: context.kind,
    place: context.place,
    missing: missing?.outcome.place ?? null,
    instead: instead?.outcome.place ?? mostTaken(context, rise.bin, missing?.outcome.place ?? null),
    rise,
    deviant: deviantOutcomes(context, rise, instead?.outcome.place ?? null),
    missingWasUsual: missing !== null,
  };
}

interface ChangedOutcome {
  readonly outcome: StepOutcome;
  readonly rise: ShareRise;
}

/** The usual way of a place, when it is taken less. */
function lostWay(context: StepContext): ChangedOutcome | null {
  let lost: ChangedOutcome | null = null;
  for (const outcome of context.outcomes.values()) {
    const rise = findShareRise(
      context.requests.map((requests, bin) => requests - (outcome.requests[bin] ?? 0)),
      context.requests,
      context.baselineRequests - outcome.baselineRequests,
      context.baselineRequests,
    );
    if (rise === null || rise.restTrials === 0 || rise.restHits > RARE * rise.restTrials) continue;
    if (rise.hits <= RARE * rise.trials) continue;
    if (lost === null || rise.probability < lost.rise.probability) lost = { outcome, rise };
  }
  return lost;
}

/** A way that hardly any request took before, when it is taken more. */
function newWay(context: StepContext): ChangedOutcome | null {
  let found: ChangedOutcome | null = null;
  for (const outcome of context.outcomes.values()) {
    const { requests, baselineRequests } = outcome;
    const rise = findShareRise(requests, context.requests, baselineRequests, context.baselineRequests);
    if (rise === null || rise.restTrials === 0 || rise.restHits > RARE * rise.restTrials) continue;
    if (found === null || rise.probability < found.rise.probability) found = { outcome, rise };
  }
  return found;
}

function mostTaken(context: StepContext, bin: number, except: number | null): number | null {
  let most: { place: number; requests: number } | null = null;
  for (const { place, requests } of context.outcomes.values()) {
    const taken = sum(requests.subarray(bin));
    if (place !== except && taken > (most?.requests ?? 0)) most = { place, requests: taken };
  }
  return most?.place ?? null;
}

function strongerOf(a: ShareRise | null, b: ShareRise | null): ShareRise | null {
  if (a === null || b === null) return a ?? b;
  return a.probability <= b.probability ? a : b;
}

/** Requests that get further than before, or no longer fail, are an end of trouble and not the start of one. */
function isRecovery(
  missing: StepOutcome | undefined,
  instead: StepOutcome | undefined,
  places: readonly Place[],
): boolean {
  const stoppedBefore = missing !== undefined && (missing.place === NOTHING || failedAt(missing, places));
  return stoppedBefore && instead !== undefined && instead.place !== NOTHING && !failedAt(instead, places);
}

function failedAt(outcome: StepOutcome, places: readonly Place[]): boolean {
  return places[outcome.place]?.failed === true;
}

/** The new way, and every way that no request took before the change. */
function deviantOutcomes(context: StepContext, rise: ShareRise, instead: number | null): Set<number> {
  const deviant = new Set<number>();
  for (const outcome of context.outcomes.values()) {
    const after = sum(outcome.requests.subarray(rise.bin));
    const before = outcome.baselineRequests + sum(outcome.requests) - after;
    if (outcome.place === instead || (after > 0 && before === 0)) deviant.add(outcome.place);
  }
  return deviant;
}

function sum(values: Uint32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Whether the place is still reached from elsewhere after the change: then it is not the one that is broken. */
export function isReachedElsewhere(table: StepTable, change: StepChange, place: number): boolean {
  if (place === NOTHING) return false;
  for (const context of table.contexts.values()) {
    if (context.kind !== 'call' || context.place === change.place) continue;
    const outcome = context.outcomes.get(place);
    if (outcome !== undefined && sum(outcome.requests.subarray(change.rise.bin)) > 0) return true;
  }
  return false;
}
