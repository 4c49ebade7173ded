import type { MetricsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { api } from '../../shared/api';
import { DEFAULT_WINDOW, type RawWindow } from '../../shared/timeWindow';

/** Lines that are older than this are no longer those of now. */
const LATE_MS = 3 * 60_000;
const LENGTH_MS = 30 * 60_000;
const LOOK_BACK = '7d';

/** Whether nothing was logged in the last minutes before now. */
export function isLate(lately: MetricsAnswer): boolean {
  const newestMs = lastLineMs(lately);
  return newestMs === null || newestMs < Date.parse(lately.window.end) - LATE_MS;
}

export interface NewestWindow {
  readonly window: RawWindow;
  /** End of the newest lines, in milliseconds since the epoch; null when there are none. */
  readonly lateSinceMs: number | null;
}

/**
 * Where nothing was logged lately, the half hour before the newest lines: a page about silence helps nobody who only
 * wants to see what happened. Looks back a week.
 */
export async function newestWindow(lately: MetricsAnswer, signal: AbortSignal): Promise<NewestWindow> {
  const newestMs = lastLineMs(lately) ?? (await findLastLine(signal));
  return newestMs === null
    ? { window: DEFAULT_WINDOW, lateSinceMs: null }
    : { window: { from: String(newestMs - LENGTH_MS), to: String(newestMs) }, lateSinceMs: newestMs };
}

/** To a sixtieth of a sixtieth of the time looked back. */
async function findLastLine(signal: AbortSignal): Promise<number | null> {
  const week = await api.metrics({ time_range: LOOK_BACK }, signal);
  const endMs = lastLineMs(week);
  if (endMs === null) {
    return null;
  }
  const start = new Date(endMs - week.step_ms).toISOString();
  const end = new Date(endMs).toISOString();
  return lastLineMs(await api.metrics({ start, end }, signal)) ?? endMs;
}

/** End of the last step with lines; null when there is none. */
function lastLineMs({ window, step_ms, over_time }: MetricsAnswer): number | null {
  const step = over_time.lines.findLastIndex((count) => count > 0);
  return step < 0 ? null : Date.parse(window.start) + (step + 1) * step_ms;
}
