/** Time of day in UTC, to the second: "10:04:10". */
export function clockTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(11, 19);
}

/** A share of 0 to 1 in percent with two digits that count: "12 %", "0.3 %". */
export function percent(share: number): string {
  const value = share * 100;
  if (value !== 0 && value < 0.01) return 'under 0.01 %';
  return `${rounded(value)} %`;
}

/** A number short enough to read: "1.2", "38", "12,400". */
export function rounded(value: number): string {
  if (value !== 0 && Math.abs(value) < 10) return String(Number(value.toPrecision(2)));
  return Math.round(value).toLocaleString('en-US');
}

/** "1 line", "38 lines". */
export function plural(count: number, noun: string): string {
  return `${rounded(count)} ${noun}${Math.round(count) === 1 && count >= 1 ? '' : 's'}`;
}

/** A duration with its best unit: "850 µs", "320 ms", "2.1 s", "4 min". */
export function duration(valueMs: number): string {
  if (valueMs > 0 && valueMs < 1) return `${rounded(valueMs * 1000)} µs`;
  if (valueMs < 1000) return `${rounded(valueMs)} ms`;
  if (valueMs < 120_000) return `${rounded(valueMs / 1000)} s`;
  return valueMs < 7_200_000 ? `${rounded(valueMs / 60_000)} min` : `${rounded(valueMs / 3_600_000)} h`;
}

/** Log text in a sentence: one line, quoted, at most `lengthMax` characters. */
export function quoted(text: string, lengthMax = 100): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `'${line.length > lengthMax ? `${line.slice(0, lengthMax - 1)}…` : line}'`;
}

/** "a", "a and b", "a, b and 3 more". */
export function listed(names: readonly string[], namesMax = 3): string {
  if (names.length <= 1) return names[0] ?? '';
  const shown = names.slice(0, namesMax);
  const more = names.length - shown.length;
  const last = more > 0 ? `${more} more` : shown.pop();
  return `${shown.join(', ')} and ${last}`;
}

/** A service's name in a sentence; lines that do not name one are "the log". */
export function named(service: string): string {
  return service === '' ? 'the log' : service;
}
