import type { Conditions } from './conditions.ts';
import type { ServiceName } from './sample-line.ts';

export const SCENARIO_NAMES = [
  'pool-exhaustion',
  'bad-deploy',
  'model-limits',
  'disk-full',
  'login-attack',
  'silent-service',
  'slow-dependency',
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** A fault with a known cause. */
export interface Scenario {
  readonly name: ScenarioName;
  readonly description: string;
  /** The service where the fault is, which is rarely the one that complains most. */
  readonly rootCause: ServiceName;
  /** The kinds of finding that state this fault: a right analysis shows each of them on the root cause. */
  readonly expectedKinds: readonly string[];
  /** Where in the range the fault starts: 0 is its start, 1 its end. */
  readonly faultStartShare: number;
  /** What is different `sinceMs` milliseconds after the fault's start. */
  readonly conditions: (sinceMs: number) => Partial<Conditions>;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'pool-exhaustion',
    description:
      'Payments leaks database connections until its pool is empty. Checkouts wait, the api waits for payments and runs out of request slots, and the gateway answers 504 on every page.',
    rootCause: 'payments',
    expectedKinds: ['cascade', 'known_pattern'],
    faultStartShare: 0.7,
    // The pool drains over a minute; the api, which fails only because payments does, follows half a minute later.
    conditions: (sinceMs) => ({
      paymentsPoolExhausted: 0.85 * ramp(sinceMs, 0, 60_000),
      apiOverload: 0.14 * ramp(sinceMs, 30_000, 90_000),
    }),
  },
  {
    name: 'bad-deploy',
    description:
      'Version 2.8.0 of search goes live and panics on every third query. The api and the gateway answer 502 for them.',
    rootCause: 'search',
    expectedKinds: ['config_change', 'new_template'],
    faultStartShare: 0.7,
    conditions: () => ({ searchVersion: '2.8.0', searchCrash: 0.35 }),
  },
  {
    name: 'model-limits',
    description:
      'The model behind anythingllm is overloaded: calls time out after 20 s or are refused with 429. Chats fail, everything else goes on.',
    rootCause: 'anythingllm',
    expectedKinds: ['known_pattern'],
    faultStartShare: 0.7,
    conditions: (sinceMs) => ({
      modelTimeout: 0.4 * ramp(sinceMs, 0, 60_000),
      modelRateLimit: 0.6 * ramp(sinceMs, 0, 60_000),
    }),
  },
  {
    name: 'disk-full',
    description:
      "The database's disk is full: reads work, writes fail. Checkouts, logins and chats break in each service's own words.",
    rootCause: 'database',
    expectedKinds: ['known_pattern'],
    faultStartShare: 0.7,
    conditions: () => ({ databaseDiskFull: 0.9 }),
  },
  {
    name: 'login-attack',
    description:
      'Four addresses try stolen names and passwords: failed logins rise many times over, accounts are locked.',
    rootCause: 'auth',
    expectedKinds: ['elevated_template'],
    faultStartShare: 0.7,
    conditions: () => ({ attackRatio: 0.6 }),
  },
  {
    name: 'silent-service',
    description:
      'The worker hangs: no error anywhere, its lines stop, and the queue of unsent receipts grows.',
    rootCause: 'worker',
    expectedKinds: ['silence'],
    faultStartShare: 0.7,
    conditions: () => ({ workerHangs: true }),
  },
  {
    name: 'slow-dependency',
    description:
      'The database takes twenty times as long for each statement. Nothing fails; every page that needs it becomes slow.',
    rootCause: 'database',
    expectedKinds: ['latency'],
    faultStartShare: 0.7,
    conditions: (sinceMs) => ({ databaseSlowdown: 1 + 19 * ramp(sinceMs, 0, 60_000) }),
  },
];

export function findScenario(name: ScenarioName): Scenario {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario === undefined) {
    throw new Error(`There is no scenario "${name}"; choose one of ${SCENARIO_NAMES.join(', ')}, or none.`);
  }
  return scenario;
}

/** 0 before `fromMs`, 1 after `toMs`, a straight line between. */
function ramp(sinceMs: number, fromMs: number, toMs: number): number {
  return Math.min(1, Math.max(0, (sinceMs - fromMs) / (toMs - fromMs)));
}
