import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** '90s', '15m', '2h', '1d' or '1w' in milliseconds, for commander. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,6})([smhdw])$/.exec(text);
  if (!match || Number(match[1]) === 0)
    throw new InvalidArgumentError('Write it like 90s, 15m, 2h, 1d or 1w.');
  return Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
}
