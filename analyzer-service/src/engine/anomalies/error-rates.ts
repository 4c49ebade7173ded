import type { Severity } from '../finding.ts';
import { clockTime, named, percent } from '../findings/wording.ts';
import type { Anomaly, Detection } from './anomaly.ts';
import { findRise } from './change-point.ts';
import type { Observations, ServiceObservation } from './observation.ts';
import { evidenceFrom, sumOf } from './observation.ts';

/** Services whose share of error lines rose, with the moment from which it did. */
export function detectErrorRates(observations: Observations): Detection {
  const anomalies: Anomaly[] = [];
  for (const service of observations.services) {
    const anomaly = detectErrorRate(observations, service);
    if (anomaly !== null) anomalies.push(anomaly);
  }
  return { anomalies, tested: observations.services.length };
}

function detectErrorRate(observations: Observations, service: ServiceObservation): Anomaly | null {
  const { grid } = observations;
  const baselineErrors = sumOf(service.errors, grid.windowBins, grid.slots);
  const baselineLines = sumOf(service.lines, grid.windowBins, grid.slots);
  const rise = findRise({
    counts: service.errors.subarray(0, grid.windowBins),
    exposures: service.lines.subarray(0, grid.windowBins),
    baselineCount: baselineErrors,
    baselineExposure: baselineLines,
    dispersion: service.errorDispersion,
  });
  if (rise === null || rise.count < RATIO_MIN * rise.expected) return null;
  const linesAfter = sumOf(service.lines, rise.bin, grid.windowBins);
  const share = linesAfter > 0 ? Math.min(1, rise.count / linesAfter) : 0;
  const shareBefore = linesAfter > 0 ? rise.expected / linesAfter : 0;
  const evidence = evidenceFrom(service.firstErrors, rise.bin);
  const sinceMs = evidence[0]?.timeMs ?? grid.binStartMs(rise.bin);
  return {
    kind: 'error_rate',
    severity: severityOf(share),
    service: service.service,
    subject: 'errors',
    probability: rise.probability,
    ratio: rise.expected > 0 ? rise.count / rise.expected : Infinity,
    title:
      `${percent(share)} of the lines of ${named(service.service)} are errors since ${clockTime(sinceMs)}, ` +
      `${shareBefore === 0 ? 'none' : percent(shareBefore)} before`,
    sinceMs,
    count: sumOf(service.errors, 0, grid.windowBins),
    baselineCount: grid.baselineMs > 0 ? (baselineErrors * grid.windowMs) / grid.baselineMs : 0,
    template: null,
    pattern: null,
    evidence,
    series: [...service.errors.subarray(0, grid.windowBins)],
  };
}

const RATIO_MIN = 2;

function severityOf(share: number): Severity {
  if (share >= 0.5) return 'critical';
  if (share >= 0.05) return 'high';
  return share >= 0.01 ? 'medium' : 'low';
}
