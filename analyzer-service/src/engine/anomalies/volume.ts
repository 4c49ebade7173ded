import { named, plural, rounded } from '../findings/wording.ts';
import type { Anomaly, Detection } from './anomaly.ts';
import { fallProbability, riseProbability } from './count-test.ts';
import type { Observations, ServiceObservation } from './observation.ts';
import { sumOf } from './observation.ts';

/** Services that write far more or far fewer lines than in the baseline. */
export function detectVolume(observations: Observations): Detection {
  if (observations.grid.baselineMs === 0) return { anomalies: [], tested: 0 };
  const anomalies: Anomaly[] = [];
  for (const service of observations.services) {
    const anomaly = detectServiceVolume(observations, service);
    if (anomaly !== null) anomalies.push(anomaly);
  }
  return { anomalies, tested: observations.services.length };
}

function detectServiceVolume(observations: Observations, service: ServiceObservation): Anomaly | null {
  const { grid } = observations;
  const count = sumOf(service.lines, 0, grid.windowBins);
  const baselineLines = sumOf(service.lines, grid.windowBins, grid.slots);
  const expected = (baselineLines * grid.windowMs) / grid.baselineMs;
  if (expected < 1 || count < 1) return null;
  const ratio = count / expected;
  if (ratio < RATIO_MIN && ratio > 1 / RATIO_MIN) return null;
  const test = ratio > 1 ? riseProbability : fallProbability;
  const probability = test({
    count,
    baselineCount: baselineLines,
    exposure: grid.windowMs,
    baselineExposure: grid.baselineMs,
    dispersion: service.lineDispersion,
  });
  return {
    kind: 'volume',
    severity: 'info',
    service: service.service,
    subject: 'volume',
    probability,
    ratio: Math.max(ratio, 1 / ratio),
    title:
      `${named(service.service)} wrote ${plural(count, 'line')}, ` +
      `${rounded(Math.max(ratio, 1 / ratio))} times ${ratio > 1 ? 'more' : 'fewer'} than before`,
    sinceMs: null,
    count,
    baselineCount: expected,
    template: null,
    pattern: null,
    evidence: service.firstLines.filter((line) => line !== undefined).slice(0, 5),
    series: [...service.lines.subarray(0, grid.windowBins)],
  };
}

const RATIO_MIN = 2;
