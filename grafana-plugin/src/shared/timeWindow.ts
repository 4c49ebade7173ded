import { type RawTimeRange, type TimeRange, dateMath, dateTime, makeTimeRange } from '@grafana/data';

// A window of time in the URL, written as Grafana does it: from=now-30m&to=now, or milliseconds since the epoch.

export interface RawWindow {
  readonly from: string;
  readonly to: string;
}

export const DEFAULT_WINDOW: RawWindow = { from: 'now-30m', to: 'now' };

/** Null when the URL names no window, or one that cannot be read. */
export function readWindow(search: URLSearchParams): RawWindow | null {
  const from = search.get('from') ?? '';
  const to = search.get('to') ?? '';
  return isTime(from) && isTime(to) ? { from, to } : null;
}

/** Milliseconds since the epoch. */
export function resolveWindow({ from, to }: RawWindow): { readonly startMs: number; readonly endMs: number } {
  return { startMs: toMs(from, false), endMs: toMs(to, true) };
}

/** `start` and `end` as the API takes them. */
export function windowParameters(window: { readonly startMs: number; readonly endMs: number }) {
  return { start: new Date(window.startMs).toISOString(), end: new Date(window.endMs).toISOString() };
}

/** For Grafana's time picker. */
export function toTimeRange(raw: RawWindow): TimeRange {
  const { startMs, endMs } = resolveWindow(raw);
  const relative = { from: pickerTime(raw.from), to: pickerTime(raw.to) };
  return { ...makeTimeRange(dateTime(startMs), dateTime(endMs)), raw: relative };
}

/** What Grafana's time picker chose. */
export function fromTimeRange({ from, to }: RawTimeRange): RawWindow {
  return {
    from: typeof from === 'string' ? from : String(from.valueOf()),
    to: typeof to === 'string' ? to : String(to.valueOf()),
  };
}

function isTime(text: string): boolean {
  return /^\d{12,14}$/.test(text) || (text.length <= 40 && text.startsWith('now') && dateMath.isValid(text));
}

function toMs(text: string, roundUp: boolean): number {
  return /^\d+$/.test(text)
    ? Number(text)
    : (dateMath.toDateTime(text, { roundUp })?.valueOf() ?? Date.now());
}

function pickerTime(text: string) {
  return /^\d+$/.test(text) ? dateTime(Number(text)) : text;
}
