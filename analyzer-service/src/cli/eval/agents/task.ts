import { SCENARIOS, type ScenarioName } from '@sonde/loki-sample';

/** What an agent is asked, and what a right answer says. */
export interface Task {
  readonly scenario: ScenarioName;
  readonly question: string;
  /** End of the window in which the fault is, as ISO 8601. */
  readonly end: string;
  readonly truth: { readonly service: string; readonly cause: RegExp };
}

/** What an agent says. */
export interface Solution {
  readonly service: string;
  readonly cause: string;
}

interface ToolAnswer {
  readonly text: string;
  readonly isError: boolean;
}

/** The tools of the server, as an agent sees them. */
export interface Tools {
  readonly definitions: readonly {
    readonly name: string;
    readonly description?: string | undefined;
    readonly inputSchema: object;
  }[];
  call(name: string, given: Readonly<Record<string, unknown>>): Promise<ToolAnswer>;
}

export interface Agent {
  readonly name: string;
  /** Throws AppError when it gives up. */
  solve(task: Task, tools: Tools, signal: AbortSignal): Promise<Solution>;
}

/** Words of which a right cause holds one. */
const CAUSES: Readonly<Record<ScenarioName, RegExp>> = {
  'pool-exhaustion':
    /connection.{0,40}(pool|not available|exhausted|in use)|pool.{0,40}(exhausted|empty|connection)/i,
  'bad-deploy': /2\.8\.0|deploy|nil pointer/i,
  'model-limits': /\b429\b|rate.?limit|model call timed out|too many requests/i,
  'disk-full': /no space left|disk.{0,20}full/i,
  'login-attack': /login failed|failed login|account locked|password|brute|attack/i,
  'silent-service': /silent|silence|stopped (logging|writing)|no lines|wrote nothing|hang/i,
  'slow-dependency': /slow|latency|duration|took longer|times as long/i,
};

const QUESTION =
  'Users of the shop complain. Find out which service is the cause, which is rarely the one that complains most, and what is wrong with it.';
const DAY_MS = 24 * 3_600_000;

/** One task a scenario, each on a day of its own that ends at `endMs`, the first on the last of these days. */
export function tasksUntil(endMs: number, scenarios: readonly ScenarioName[]): readonly Task[] {
  return SCENARIOS.filter(({ name }) => scenarios.includes(name)).map(({ name, rootCause }, day) => ({
    scenario: name,
    question: QUESTION,
    end: new Date(endMs - day * DAY_MS).toISOString(),
    truth: { service: rootCause, cause: CAUSES[name] },
  }));
}

export function isSolved({ truth }: Task, { service, cause }: Solution): boolean {
  return service.trim().toLowerCase() === truth.service && truth.cause.test(cause);
}
