import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** '90s', '15m', '2h' or '1d' in milliseconds, for commander. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  if (!match || Number(match[1]) === 0) throw new InvalidArgumentError('Write it like 90s, 15m, 2h or 1d.');
  return Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
}
