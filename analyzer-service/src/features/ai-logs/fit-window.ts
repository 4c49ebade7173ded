import type { TimeRange } from '../../engine/log-line.ts';
import { AppError } from '../../errors.ts';
import { isoTime } from './iso-time.ts';
import type { WindowQuery } from './parameters/schema.ts';
import { type TimeWindow, timeWindow } from './time-window.ts';

const HALVINGS_MAX = 12;
const MINUTE_MS = 60_000;

/** The window that can be answered, and what to tell when that is only a part of the one that was asked for. */
export interface FittedWindow {
  readonly times: TimeWindow;
  readonly warnings: readonly string[];
}

/**
 * Refuses a window that holds more than an answer may read; with `too_large=newest` halves it, and its baseline with
 * it, until its newest part does. `guard` throws `query_too_large`, with what to narrow, for ranges that hold too much.
 */
export async function fitWindow(
  query: WindowQuery,
  times: TimeWindow,
  hoursMax: number,
  guard: (ranges: readonly TimeRange[]) => Promise<void>,
): Promise<FittedWindow> {
  let fitted = times;
  let refusal: AppError | null = null;
  for (let halvings = 0; ; halvings++) {
    try {
      await guard(fitted.baseline ? [fitted.window, fitted.baseline] : [fitted.window]);
      return { times: fitted, warnings: refusal ? [warningOf(times, fitted, refusal)] : [] };
    } catch (error) {
      const isTooLarge = error instanceof AppError && error.code === 'query_too_large';
      if (!isTooLarge) throw error;
      if (query.too_large !== 'newest') throw withAdvice(error);
      refusal ??= error;
      const shorter = newestHalf(query, fitted.window, hoursMax);
      if (!shorter || halvings === HALVINGS_MAX) throw refusal;
      fitted = shorter;
    }
  }
}

/** Null when the half is too short to say anything. */
function newestHalf(query: WindowQuery, { startMs, endMs }: TimeRange, hoursMax: number): TimeWindow | null {
  const lengthMs = Math.floor((endMs - startMs) / 2 / MINUTE_MS) * MINUTE_MS;
  if (lengthMs === 0) return null;
  const { time_range: _, ...rest } = query;
  const part = { ...rest, start: isoTime(endMs - lengthMs), end: isoTime(endMs) };
  return timeWindow(part, endMs, hoursMax);
}

function withAdvice(refusal: AppError): AppError {
  const advice = 'With too_large=newest, its newest part that is not too large is answered.';
  return new AppError(refusal.code, `${refusal.message} ${advice}`, { cause: refusal });
}

function warningOf({ window: asked }: TimeWindow, { window }: TimeWindow, refusal: AppError): string {
  const minutes = (range: TimeRange) => Math.round((range.endMs - range.startMs) / MINUTE_MS);
  return `Only the newest ${minutes(window)} of ${minutes(asked)} minutes were answered, from ${isoTime(window.startMs)}: nothing before was counted or read. ${refusal.message}`;
}
