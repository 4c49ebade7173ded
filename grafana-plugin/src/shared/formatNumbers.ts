import { formattedValueToString, getValueFormat } from '@grafana/data';

// Numbers as Grafana's user reads them; one place, so that they look the same on every page.

const durations = getValueFormat('ms');

/** 1234567 -> 1,234,567 in the user's locale. */
export function formatCount(count: number): string {
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 }).format(count);
}

/** 0.0567 -> 5.7 %. */
export function formatShare(share: number): string {
  const digits = share > 0 && share < 0.1 ? 1 : 0;
  return new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: digits }).format(share);
}

/** 4055.4 -> 4.06 s. */
export function formatMs(ms: number): string {
  return formattedValueToString(durations(ms, ms >= 1_000 ? 2 : ms >= 10 ? 0 : 1));
}
