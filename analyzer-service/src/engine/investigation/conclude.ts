import type { Anomaly, Detection } from '../anomalies/anomaly.ts';
import { findConfigChanges } from '../anomalies/config-changes.ts';
import { detectErrorRates } from '../anomalies/error-rates.ts';
import type { MeasuredSeries } from '../anomalies/measured-series.ts';
import { detectMeasuredShifts } from '../anomalies/measured-shifts.ts';
import type { Observations, TemplateObservation } from '../anomalies/observation.ts';
import { detectSilence } from '../anomalies/silence.ts';
import { detectTemplateChanges } from '../anomalies/template-changes.ts';
import { detectVolume } from '../anomalies/volume.ts';
import type { FailureOrder } from '../correlation/failures.ts';
import { orderFailures } from '../correlation/failures.ts';
import type { FollowedRequests } from '../correlation/follow-requests.ts';
import { summarizeGraph } from '../correlation/service-graph.ts';
import { findUnusualRequests } from '../correlation/unusual-requests.ts';
import { explainedByCascade, findCascades } from '../findings/cascades.ts';
import { foldAnomalies } from '../findings/fold-anomalies.ts';
import { rankFindings, significantAnomalies, toFinding } from '../findings/rank-findings.ts';
import { breakAnomalies, delayAnomalies } from '../findings/request-findings.ts';
import type {
  InvestigationLimits,
  InvestigationResult,
  IsMuted,
  TemplateCount,
} from './investigation-result.ts';
import { rankSuspects } from './suspects.ts';

export interface Material {
  readonly observations: Observations;
  readonly requests: FollowedRequests;
  readonly measured: readonly MeasuredSeries[];
  readonly isSampled: boolean;
  readonly alertMs: number | null;
  readonly isMuted: IsMuted;
  readonly limits: InvestigationLimits;
}

type Conclusion = Pick<
  InvestigationResult,
  'findings' | 'suspects' | 'templates' | 'serviceGraph' | 'unusualRequests' | 'clockSkews' | 'mutedAnomalies'
> & { readonly droppedFindings: number };

/** From what was observed and followed to one ranked list, the suspects, and what shows the requests. */
export function conclude(material: Material): Conclusion {
  const { observations, requests, limits, alertMs, isMuted } = material;
  const { analysis, paths } = requests;
  const detected = detectAnomalies(material);
  const anomalies = detected.filter(
    ({ template, pattern }) => !isMuted(template?.id ?? null, pattern?.id ?? null),
  );
  const order = orderNewFailures(requests, newFailures(observations, anomalies, isMuted));
  const cascades = findCascades(order, anomalies, analysis.places);
  const changes = findConfigChanges(observations, anomalies);
  const told = anomalies.filter((anomaly) => !explainedByCascade(anomaly, cascades));
  const folded = foldAnomalies([...told, ...changes]);
  const ranked = rankFindings([...cascades, ...folded.map((anomaly) => toFinding(anomaly))]);
  const findings = ranked.slice(0, limits.findingsMax);
  const isQuiet = findings.every((finding) => finding.severity === 'info');
  const all = [...anomalies, ...changes];
  return {
    findings,
    droppedFindings: ranked.length - findings.length,
    suspects:
      isQuiet && alertMs === null
        ? []
        : rankSuspects({
            anomalies: all,
            findings,
            order,
            analysis,
            graph: requests.graph,
            isSampled: material.isSampled,
          }),
    templates: observations.templates
      .map(templateCount(observations, detected))
      // Lines that weigh nothing only show the way of a request.
      .filter(({ windowCount, baselineCount }) => windowCount + baselineCount > 0)
      .sort(byCount),
    serviceGraph: summarizeGraph(requests.graph),
    unusualRequests: findUnusualRequests({
      paths,
      isInWindow: (timeMs) => observations.grid.isInWindow(timeMs),
      brokeAt: analysis.brokeAt,
      requestsMax: limits.unusualRequestsMax,
    }),
    clockSkews: requests.clockSkews,
    mutedAnomalies: detected.length - anomalies.length,
  };
}

/** How much of what is found may be chance: hardly any while all may be well, more once something is known to be wrong. */
const FALSE_SHARE = 0.001;
const FALSE_SHARE_AT_ALERT = 0.02;

function detectAnomalies({ observations, requests, measured, isSampled, alertMs }: Material): Anomaly[] {
  const { grid } = observations;
  const { analysis } = requests;
  const detections: Detection[] = [
    detectTemplateChanges(observations),
    detectErrorRates(observations),
    detectSilence(observations),
    detectVolume(observations),
    detectMeasuredShifts(grid, measured),
  ];
  // Requests that were picked because they failed prove nothing about shares: then they speak for suspects only.
  if (!isSampled) {
    const anomalies = [...breakAnomalies(analysis, grid), ...delayAnomalies(analysis, grid)];
    detections.push({ anomalies, tested: analysis.tested });
  }
  return significantAnomalies(
    detections.flatMap((detection) => detection.anomalies),
    detections.reduce((sum, detection) => sum + detection.tested, 0),
    alertMs === null ? FALSE_SHARE : FALSE_SHARE_AT_ALERT,
  );
}

/** Failures that the baseline does not explain, as "service template": anomalous ones, and all that are new. */
function newFailures(
  observations: Observations,
  anomalies: readonly Anomaly[],
  isMuted: IsMuted,
): Set<string> {
  const failures = new Set(anomalies.map(({ service, template }) => `${service} ${template?.id}`));
  const failing = new Set(
    anomalies.filter(({ kind }) => kind === 'error_rate').map(({ service }) => service),
  );
  for (const { service, template, pattern, baselineCount } of observations.templates) {
    if (baselineCount > 0 || !failing.has(service) || isMuted(template.id, pattern?.id ?? null)) continue;
    failures.add(`${service} ${template.id}`);
  }
  return failures;
}

function orderNewFailures(
  { paths, analysis }: FollowedRequests,
  failures: ReadonlySet<string>,
): FailureOrder {
  return orderFailures({
    paths,
    isFailure: (line, place) => failures.has(`${line.service} ${analysis.places[place]?.template.id}`),
    brokeAt: analysis.brokeAt,
  });
}

function templateCount(
  { grid }: Observations,
  anomalies: readonly Anomaly[],
): (observed: TemplateObservation) => TemplateCount {
  const changed = new Set(anomalies.map(({ service, template }) => `${service} ${template?.id}`));
  return ({ template, slots, firstLines, lastMs, ...observed }) => ({
    id: template.id,
    text: template.text,
    service: observed.service,
    level: observed.level,
    windowCount: observed.windowCount,
    baselineCount: observed.baselineCount,
    pattern: observed.pattern,
    isChanged: changed.has(`${observed.service} ${template.id}`),
    series: [...slots.subarray(0, grid.windowBins)],
    firstLine: firstLines.find((line) => line !== undefined) ?? null,
    lastMs: Number.isFinite(lastMs) ? lastMs : null,
  });
}

function byCount(a: TemplateCount, b: TemplateCount): number {
  return b.windowCount - a.windowCount || b.baselineCount - a.baselineCount || (a.id < b.id ? -1 : 1);
}
