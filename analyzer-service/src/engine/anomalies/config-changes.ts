import { clockTime, named, quoted } from '../findings/wording.ts';
import { severityRank } from '../findings/rank-findings.ts';
import type { LogLine } from '../log-line.ts';
import type { Anomaly } from './anomaly.ts';
import type { Observations, TemplateObservation } from './observation.ts';

/**
 * Changes that the log itself reports: deployments, restarts, changed settings. A change is nothing unusual and stays
 * "info", unless the same service shows an anomaly soon after it: then it is the likely cause.
 */
export function findConfigChanges(observations: Observations, anomalies: readonly Anomaly[]): Anomaly[] {
  const changes: Anomaly[] = [];
  for (const observation of observations.templates) {
    if (observation.windowCount === 0 || observation.windowCount > COUNT_MAX) continue;
    for (const line of observation.firstLines) {
      if (line === undefined || !isChange(line)) continue;
      changes.push(changeAnomaly(observation, line, anomalies));
    }
  }
  return changes.slice(0, CHANGES_MAX);
}

/** What happens more often than this in a window is routine. */
const COUNT_MAX = 20;
const CHANGES_MAX = 20;
const EFFECT_WITHIN_MS = 10 * 60_000;
const CLOCK_TOLERANCE_MS = 5000;

const CHANGE_WORDS =
  /\b(?:deploy(?:ed|ment)|roll(?:ed|ing) ?(?:out|back)|rollout|config(?:uration)? (?:was )?(?:changed|updated|applied|reloaded)|setting changed|feature flag|migration applied|upgraded (?:to|from)|new version)\b/i;

function isChange(line: LogLine): boolean {
  return CHANGE_WORDS.test(line.text.slice(0, 500)) && !FAILED.test(line.level);
}

const FAILED = /^(?:error|fatal)$/;

function changeAnomaly(
  observation: TemplateObservation,
  line: LogLine,
  anomalies: readonly Anomaly[],
): Anomaly {
  const effects = anomalies.filter(
    ({ service, severity, sinceMs }) =>
      service === line.service &&
      severityRank(severity) >= severityRank('medium') &&
      sinceMs !== null &&
      sinceMs >= line.timeMs - CLOCK_TOLERANCE_MS &&
      sinceMs <= line.timeMs + EFFECT_WITHIN_MS,
  );
  const effectMs = Math.min(...effects.map(({ sinceMs }) => sinceMs ?? Infinity));
  const consequence =
    effects.length === 0 ? '' : `; the service has been abnormal since ${clockTime(effectMs)}`;
  return {
    kind: 'config_change',
    severity: effects.length === 0 ? 'info' : 'high',
    service: line.service,
    subject: `${observation.template.id} ${line.timestampNs}`,
    probability: 0,
    ratio: 1,
    title: `${named(line.service)} was changed at ${clockTime(line.timeMs)}: ${quoted(line.text, 120)}${consequence}`,
    sinceMs: line.timeMs,
    count: 1,
    baselineCount: 0,
    template: observation.template,
    pattern: null,
    evidence: [line],
    series: [],
  };
}
