import { dispersionOf, riseProbability } from './count-test.ts';

/** How often errors came among the lines of one service, step by step, and whether that is above its own past. */
export interface ErrorRateChange {
  readonly service: string;
  readonly state: 'raised' | 'cleared';
  /** Errors and lines of the recent steps. */
  readonly errors: number;
  readonly lines: number;
  /** Errors per line, recent and before. */
  readonly rate: number;
  readonly pastRate: number;
}

const STEPS_KEPT = 120;
const STEPS_RECENT = 6;
const STEPS_PAST_MIN = 12;
const ERRORS_MIN = 5;
const PROBABILITY_MAX = 1e-5;
const RISE_MIN = 2;
/** Hysteresis: below this rise for this many steps, an alert is over. */
const CLEAR_RISE = 1.5;
const CLEAR_STEPS = 3;
const SERVICES_MAX = 2_000;

interface Watched {
  readonly lines: number[];
  readonly errors: number[];
  stepLines: number;
  stepErrors: number;
  raised: { readonly pastRate: number; calmSteps: number } | null;
}

/**
 * Watches live lines for services whose share of errors rises against the minutes before, by the exact test of
 * `riseProbability`. The level that raised an alert is kept until it clears, so that a lasting fault does not become
 * its own past.
 */
export class ErrorRateWatch {
  readonly #services = new Map<string, Watched>();

  add(service: string, isError: boolean): void {
    let watched = this.#services.get(service);
    if (!watched) {
      if (this.#services.size >= SERVICES_MAX) return;
      watched = { lines: [], errors: [], stepLines: 0, stepErrors: 0, raised: null };
      this.#services.set(service, watched);
    }
    watched.stepLines++;
    if (isError) watched.stepErrors++;
  }

  /** Closes a step; steps are equally long. Returns the services whose state changed with it. */
  closeStep(): readonly ErrorRateChange[] {
    const changes: ErrorRateChange[] = [];
    for (const [service, watched] of this.#services) {
      watched.lines.push(watched.stepLines);
      watched.errors.push(watched.stepErrors);
      watched.stepLines = 0;
      watched.stepErrors = 0;
      if (watched.lines.length > STEPS_KEPT) {
        watched.lines.shift();
        watched.errors.shift();
      }
      const change = judge(watched);
      if (change) changes.push({ service, ...change });
      if (watched.lines.length === STEPS_KEPT && sum(watched.lines) === 0) this.#services.delete(service);
    }
    return changes;
  }
}

function judge(watched: Watched): Omit<ErrorRateChange, 'service'> | null {
  const lines = sum(watched.lines.slice(-STEPS_RECENT));
  const errors = sum(watched.errors.slice(-STEPS_RECENT));
  const rate = lines > 0 ? errors / lines : 0;
  if (watched.raised) {
    const { pastRate } = watched.raised;
    const isCalm = rate < pastRate * CLEAR_RISE || errors === 0;
    watched.raised.calmSteps = isCalm ? watched.raised.calmSteps + 1 : 0;
    if (watched.raised.calmSteps < CLEAR_STEPS) return null;
    watched.raised = null;
    return { state: 'cleared', errors, lines, rate, pastRate };
  }
  const pastSteps = watched.errors.slice(0, -STEPS_RECENT);
  const pastLines = sum(watched.lines.slice(0, -STEPS_RECENT));
  if (pastSteps.length < STEPS_PAST_MIN || pastLines === 0 || errors < ERRORS_MIN) return null;
  const pastErrors = sum(pastSteps);
  const pastRate = pastErrors / pastLines;
  if (rate < pastRate * RISE_MIN) return null;
  const probability = riseProbability({
    count: errors,
    baselineCount: pastErrors,
    exposure: lines,
    baselineExposure: pastLines,
    dispersion: dispersionOf(pastSteps) ?? 1,
  });
  if (probability > PROBABILITY_MAX) return null;
  watched.raised = { pastRate, calmSteps: 0 };
  return { state: 'raised', errors, lines, rate, pastRate };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
