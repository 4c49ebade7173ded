import type { ShareRise } from '../anomalies/share-test.ts';
import { findShareRise } from '../anomalies/share-test.ts';
import type { Place } from './request-path.ts';
import type { StepContext, StepKind, StepOutcome, StepTable } from './step-table.ts';
import { contextKey, NOTHING } from './step-table.ts';

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
const RISE_RATIO_MIN = 3;

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
    if (rise === null || !isMarked(rise) || rise.hits <= RARE * rise.trials) continue;
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
    if (rise === null || !isMarked(rise)) continue;
    if (found === null || rise.probability < found.rise.probability) found = { outcome, rise };
  }
  return found;
}

/** From rare to clearly less rare: what requests ask for drifts all day, and with it the ways that they take. */
function isMarked({ hits, trials, restHits, restTrials }: ShareRise): boolean {
  if (restTrials === 0 || restHits > RARE * restTrials) return false;
  return hits / trials >= RISE_RATIO_MIN * (restHits / restTrials);
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

/**
 * The service that a change speaks against: the one that wrote the unusual line, or that is no longer reached although
 * nobody else reaches it either. A caller that reports a failure of its own, while others still reach the callee, is
 * to blame itself.
 */
export function blamedService(change: StepChange, table: StepTable, places: readonly Place[]): string {
  const own = places[change.place]?.service ?? '';
  if (change.kind === 'continue') return own;
  const instead = places[change.instead ?? NOTHING];
  if (instead !== undefined) return instead.service;
  const missing = places[change.missing ?? NOTHING];
  if (missing === undefined) return own;
  const reached = reachedElsewhere(change, table, places, missing);
  if (reached.place || (reached.service && failsItself(change, table, places))) return own;
  return missing.service;
}

/** Whether other places still reach this very place, or at least its service, after the change. */
function reachedElsewhere(
  change: StepChange,
  table: StepTable,
  places: readonly Place[],
  missing: Place,
): { place: boolean; service: boolean } {
  const reached = { place: false, service: false };
  for (const context of table.contexts.values()) {
    if (context.kind !== 'call' || context.place === change.place) continue;
    for (const outcome of context.outcomes.values()) {
      const place = places[outcome.place];
      if (place?.service !== missing.service || sum(outcome.requests.subarray(change.rise.bin)) === 0)
        continue;
      reached.service = true;
      if (place === missing) reached.place = true;
    }
  }
  return reached;
}

function failsItself(change: StepChange, table: StepTable, places: readonly Place[]): boolean {
  const next = table.contexts.get(contextKey('continue', change.place));
  for (const outcome of next?.outcomes.values() ?? []) {
    if (failedAt(outcome, places) && sum(outcome.requests.subarray(change.rise.bin)) >= change.rise.hits / 2)
      return true;
  }
  return false;
}

function sum(values: Uint32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
