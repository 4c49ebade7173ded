import type { TimeRange } from '../../engine/log-line.ts';
import { AppError } from '../../errors.ts';
import type { WindowQuery } from './parameters/schema.ts';

/** The window of a query and what it is compared with. */
export interface TimeWindow {
  readonly window: TimeRange;
  readonly baseline: TimeRange | null;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const UNIT_MS = { s: SECOND_MS, m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS } as const;
const DEFAULT_LENGTH_MS = 30 * 60_000;

/** The last 24 hours where a query names no other window. */
export function lastDay<Query extends WindowQuery>(query: Query): Query {
  return query.time_range || query.start ? query : { ...query, time_range: '24h' };
}

/** Whole seconds, so that 50 steps always divide the window. Throws `invalid_request` with what to write instead. */
export function timeWindow(query: WindowQuery, nowMs: number, hoursMax: number): TimeWindow {
  const endMs = wholeSeconds(query.end ? instant(query.end, 'end') : nowMs, Math.ceil);
  const lengthMs = query.time_range ? durationMs(query.time_range) : DEFAULT_LENGTH_MS;
  const startMs = query.start ? wholeSeconds(instant(query.start, 'start'), Math.floor) : endMs - lengthMs;
  const window = checked({ startMs, endMs }, 'start', hoursMax);
  return { window, baseline: baselineOf(window, query, hoursMax) };
}

/** The step of everything that is counted over `range`: 60 or 50 steps, which divide whole seconds without a rest. */
export function stepOf({ startMs, endMs }: TimeRange): number {
  const lengthMs = endMs - startMs;
  return lengthMs / (lengthMs % (60 * SECOND_MS) === 0 ? 60 : 50);
}

function checked(range: TimeRange, name: 'start' | 'baseline_start', hoursMax: number): TimeRange {
  if (range.startMs >= range.endMs) {
    const advice = name === 'start' ? ' Without end, the window ends now.' : '';
    throw new AppError('invalid_request', `${name} must be before ${name.replace('start', 'end')}.${advice}`);
  }
  if (range.endMs - range.startMs > hoursMax * HOUR_MS) {
    throw new AppError(
      'invalid_request',
      `The ${name === 'start' ? 'window' : 'baseline'} is longer than ${hoursMax} hours. Ask for a shorter one, or raise WINDOW_HOURS_MAX.`,
    );
  }
  return range;
}

/** '15m' in milliseconds. The text must have passed the schema. */
function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * UNIT_MS[text.slice(-1) as keyof typeof UNIT_MS];
}

function baselineOf(window: TimeRange, query: WindowQuery, hoursMax: number): TimeRange | null {
  const { baseline: choice = 'none', baseline_start, baseline_end } = query;
  if (baseline_start && baseline_end) {
    const given = {
      startMs: wholeSeconds(instant(baseline_start, 'baseline_start'), Math.floor),
      endMs: wholeSeconds(instant(baseline_end, 'baseline_end'), Math.ceil),
    };
    if (given.startMs < window.endMs && window.startMs < given.endMs)
      throw new AppError(
        'invalid_request',
        'The given baseline overlaps the window. End it where the window starts, or earlier.',
      );
    return checked(given, 'baseline_start', hoursMax);
  }
  if (choice === 'none') return null;
  const { startMs, endMs } = window;
  const distance = { previous: endMs - startMs, yesterday: 24 * HOUR_MS, last_week: 7 * 24 * HOUR_MS }[
    choice
  ];
  if (distance < endMs - startMs) {
    throw new AppError(
      'invalid_request',
      `The baseline ${choice} overlaps a window of this length. Use baseline=previous.`,
    );
  }
  return { startMs: startMs - distance, endMs: endMs - distance };
}

/** ISO 8601, or digits: 10 are seconds, 13 milliseconds, 16 microseconds, 19 nanoseconds since the epoch. */
function instant(text: string, name: string): number {
  const ms = /^\d{9,19}$/.test(text)
    ? Number(text) * 10 ** (3 - 3 * Math.round((text.length - 10) / 3))
    : Date.parse(text);
  if (Number.isFinite(ms) && ms > 0) return ms;
  throw new AppError(
    'invalid_request',
    `${name} is not a time: write it like 2026-11-20T10:00:00Z, or in seconds since the epoch.`,
  );
}

function wholeSeconds(ms: number, round: (value: number) => number): number {
  return round(ms / SECOND_MS) * SECOND_MS;
}
