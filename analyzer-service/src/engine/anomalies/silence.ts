import { clockTime, duration, named, rounded } from '../findings/wording.ts';
import type { Anomaly, Detection } from './anomaly.ts';
import { fallProbability } from './count-test.ts';
import type { Observations, ServiceObservation } from './observation.ts';
import { sumOf } from './observation.ts';

/**
 * Services that stopped writing before the window ended. The gap must be too long for the service's own
 * rate, and longer than any pause in its baseline.
 */
export function detectSilence(observations: Observations): Detection {
  const anomalies: Anomaly[] = [];
  for (const service of observations.services) {
    const anomaly = detectSilentService(observations, service);
    if (anomaly !== null) anomalies.push(anomaly);
  }
  return { anomalies, tested: observations.services.length };
}

function detectSilentService(observations: Observations, service: ServiceObservation): Anomaly | null {
  const { grid } = observations;
  let lastBin = grid.windowBins - 1;
  while (lastBin >= 0 && (service.lines[lastBin] ?? 0) === 0) lastBin -= 1;
  const silentBins = grid.windowBins - 1 - lastBin;
  if (silentBins < SILENT_BINS_MIN || everyoneIsSilent(observations, lastBin)) return null;
  const silentMs = silentBins * grid.windowStepMs;
  if (silentMs <= PAUSE_FACTOR * longestPauseMs(observations, service)) return null;
  const spokeLines = sumOf(service.lines, grid.windowBins, grid.slots) + sumOf(service.lines, 0, lastBin + 1);
  const spokeMs = grid.baselineMs + (lastBin + 1) * grid.windowStepMs;
  const probability = fallProbability({
    count: 0,
    baselineCount: spokeLines,
    exposure: silentMs,
    baselineExposure: spokeMs,
    dispersion: service.lineDispersion,
  });
  const sinceMs = grid.binStartMs(lastBin + 1);
  const perMinute = (spokeLines / spokeMs) * 60_000;
  return {
    kind: 'silence',
    severity: 'high',
    service: service.service,
    subject: 'silence',
    probability: Math.min(1, probability * grid.windowBins),
    ratio: Infinity,
    title:
      `${named(service.service)} wrote nothing for ${duration(silentMs)} since ${clockTime(sinceMs)}, ` +
      `${rounded(perMinute)} lines a minute before`,
    sinceMs,
    count: 0,
    baselineCount: (spokeLines / spokeMs) * silentMs,
    template: null,
    pattern: null,
    evidence: [],
    series: [...service.lines.subarray(0, grid.windowBins)],
  };
}

const SILENT_BINS_MIN = 3;
const PAUSE_FACTOR = 3;

/** When all services stop at once the log ends there, or the store lags: no single service went silent. */
function everyoneIsSilent(observations: Observations, lastBin: number): boolean {
  return sumOf(observations.traffic, lastBin + 1, observations.grid.windowBins) === 0;
}

function longestPauseMs(observations: Observations, service: ServiceObservation): number {
  const { grid } = observations;
  let longest = 0;
  let run = 0;
  for (let slot = grid.windowBins; slot < grid.slots; slot += 1) {
    run = (service.lines[slot] ?? 0) === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest * grid.baselineStepMs;
}
