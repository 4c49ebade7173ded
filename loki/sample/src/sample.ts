import { beginFault, changeSetting } from './changes.ts';
import { NORMAL } from './conditions.ts';
import { keepHouse } from './housekeeping.ts';
import { attack, visit } from './journeys.ts';
import type { SampleLine } from './sample-line.ts';
import type { Scenario, ScenarioName } from './scenarios.ts';
import { findScenario } from './scenarios.ts';
import { Shop } from './shop.ts';
import { TimeOrder } from './time-order.ts';
import { trafficCurve } from './traffic.ts';

export { pushSample } from './push.ts';
export type { SampleLine } from './sample-line.ts';
export { SCENARIO_NAMES, SCENARIOS } from './scenarios.ts';
export type { Scenario, ScenarioName } from './scenarios.ts';

export interface SampleOptions {
  readonly scenario: ScenarioName | 'none';
  /** The same options give the same lines. */
  readonly seed: number;
  /** Milliseconds since the epoch, half-open: startMs <= time < endMs. An endMs of Infinity never ends. */
  readonly startMs: number;
  readonly endMs: number;
  /** On average, while nothing is wrong. */
  readonly linesPerSecond: number;
  /** When the fault starts; by default at the scenario's share of the range. Needed when the range has no end. */
  readonly faultStartMs?: number;
}

/** The shop's log over a range, in time order. */
export function* generateSample(options: SampleOptions): Generator<SampleLine> {
  checkOptions(options);
  const { seed, startMs, endMs, linesPerSecond } = options;
  // Requests that were on their way before the range began belong to it too.
  const firstMs = startMs - WARM_UP_MS;
  const order = new TimeOrder(firstMs);
  const shop = new Shop(seed, order);
  const curve = trafficCurve(seed, startMs, endMs);
  const fault = faultOf(options);
  const eventsPerMs = linesPerSecond / 1000 / LINES_PER_EVENT;
  let faultBegun = false;
  let nextChangeMs = firstMs + shop.random.exponential(CHANGE_EVERY_MS);

  for (let timeMs = firstMs; ;) {
    const sinceFaultMs = timeMs - fault.startMs;
    if (sinceFaultMs >= 0) {
      shop.conditions = { ...NORMAL, ...fault.scenario?.conditions(sinceFaultMs) };
      if (!faultBegun && fault.scenario !== null) beginFault(shop, fault.scenario.name, timeMs);
      faultBegun = true;
    }
    const attackRatio = shop.conditions.attackRatio;
    timeMs += shop.random.exponential(1 / (eventsPerMs * curve(timeMs) * (1 + attackRatio)));
    if (timeMs >= endMs) break;
    for (const line of order.take(timeMs)) if (line.timeMs >= startMs) yield line;
    if (timeMs >= nextChangeMs) {
      changeSetting(shop, timeMs);
      nextChangeMs = timeMs + shop.random.exponential(CHANGE_EVERY_MS);
    }
    if (attackRatio > 0 && shop.random.chance(attackRatio / (1 + attackRatio))) attack(shop, timeMs);
    else if (shop.random.chance(HOUSEKEEPING_SHARE)) keepHouse(shop, timeMs);
    else visit(shop, timeMs);
  }
  // The last requests write on after the end; what they write then lies outside the range.
  for (const line of order.take(endMs + WARM_UP_MS))
    if (line.timeMs >= startMs && line.timeMs < endMs) yield line;
}

const WARM_UP_MS = 60_000;
/** A visit writes several lines, a chore one; measured, and held by a test of the rate. */
const LINES_PER_EVENT = 3.78;
/** Share of events, not of lines: about an eighth of the lines. */
const HOUSEKEEPING_SHARE = 0.5;
const CHANGE_EVERY_MS = 45 * 60_000;
const LINES_PER_SECOND_MAX = 1_000_000;

interface Fault {
  readonly scenario: Scenario | null;
  readonly startMs: number;
}

function faultOf(options: SampleOptions): Fault {
  if (options.scenario === 'none') return { scenario: null, startMs: Infinity };
  const scenario = findScenario(options.scenario);
  const share = options.startMs + scenario.faultStartShare * (options.endMs - options.startMs);
  return { scenario, startMs: options.faultStartMs ?? share };
}

function checkOptions({ startMs, endMs, linesPerSecond, scenario, faultStartMs }: SampleOptions): void {
  if (!(startMs < endMs) || !Number.isFinite(startMs)) {
    throw new RangeError(`The range must start before it ends; it goes from ${startMs} to ${endMs}.`);
  }
  if (!(linesPerSecond > 0 && linesPerSecond <= LINES_PER_SECOND_MAX)) {
    throw new RangeError(
      `linesPerSecond must be above 0 and at most ${LINES_PER_SECOND_MAX}; it is ${linesPerSecond}.`,
    );
  }
  if (endMs === Infinity && scenario !== 'none' && faultStartMs === undefined) {
    throw new RangeError(
      'A range without an end needs faultStartMs: there is no share of it to start the fault at.',
    );
  }
}
