import { Random } from './random.ts';

const DAY_MS = 86_400_000;
const PEAK_HOUR_UTC = 14;

/**
 * How busy the shop is at a moment, 1 on average over the range: more by day than by night, and slow waves of a few
 * per cent whose phases come from the seed. Smooth, so that no window is a burst by itself.
 */
export function trafficCurve(seed: number, startMs: number, endMs: number): (timeMs: number) => number {
  const random = new Random(seed ^ 0x5eed);
  const waves = WAVE_MINUTES.map((minutes) => ({ periodMs: minutes * 60_000, phase: random.unit() }));
  const raw = (timeMs: number): number => {
    let rate = 1 + 0.35 * Math.cos(2 * Math.PI * (timeMs / DAY_MS - PEAK_HOUR_UTC / 24));
    for (const wave of waves)
      rate *= 1 + 0.03 * Math.sin(2 * Math.PI * (timeMs / wave.periodMs + wave.phase));
    return rate;
  };
  // A run without an end has no average to hold; over a day the curve is 1 anyway.
  if (!Number.isFinite(endMs)) return raw;
  const mean =
    MIDPOINTS.reduce((sum, share) => sum + raw(startMs + share * (endMs - startMs)), 0) / MIDPOINTS.length;
  return (timeMs) => raw(timeMs) / mean;
}

const WAVE_MINUTES = [7, 17, 41];
const MIDPOINTS = Array.from({ length: 200 }, (_, index) => (index + 0.5) / 200);
