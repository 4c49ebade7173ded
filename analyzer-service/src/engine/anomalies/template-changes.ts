import type { FindingKind, Severity } from '../finding.ts';
import { severityRank } from '../findings/rank-findings.ts';
import { clockTime, named, plural, quoted, rounded } from '../findings/wording.ts';
import type { LogLine } from '../log-line.ts';
import { isErrorLevel } from '../log-line.ts';
import type { Anomaly, Detection } from './anomaly.ts';
import type { Rise } from './change-point.ts';
import { findRise } from './change-point.ts';
import { fallProbability } from './count-test.ts';
import { comesBefore } from './line-series.ts';
import type { Observations, TemplateObservation } from './observation.ts';
import { evidenceFrom, risingExposure, sumOf } from './observation.ts';
import type { TemplateFamily } from './template-families.ts';
import { templateFamilies } from './template-families.ts';

/**
 * Templates that are new, much more frequent than in the baseline, or gone. A rise is judged against time and
 * against traffic, whichever explains more of it; without a baseline, against the window before the change.
 */
export function detectTemplateChanges(observations: Observations): Detection {
  const exposure = risingExposure(observations);
  const anomalies: Anomaly[] = [];
  const families = templateFamilies(observations.templates);
  for (const family of families) {
    const observation = asOne(family);
    const rise = findRise({
      counts: observation.slots.subarray(0, observations.grid.windowBins),
      exposures: exposure.bins,
      baselineCount: observation.baselineCount,
      baselineExposure: exposure.baseline,
      dispersion: observation.dispersion,
    });
    if (rise !== null && rise.count >= RATIO_MIN * rise.expected) {
      anomalies.push(risen(observations, observation, rise, family.members.length));
      continue;
    }
    const gone = detectGone(observations, observation);
    if (gone !== null) anomalies.push(gone);
  }
  return { anomalies, tested: families.length };
}

const RATIO_MIN = 2;

/** The family as if it were one template. */
function asOne({ wording, members }: TemplateFamily): TemplateObservation {
  if (members.length === 1) return wording;
  const slots = new Float64Array(wording.slots.length);
  const firstLines: (LogLine | undefined)[] = [];
  for (const member of members) {
    for (let slot = 0; slot < slots.length; slot += 1)
      slots[slot] = (slots[slot] ?? 0) + (member.slots[slot] ?? 0);
    for (const [bin, line] of member.firstLines.entries()) {
      const known = firstLines[bin];
      if (line !== undefined && (known === undefined || comesBefore(line, known))) firstLines[bin] = line;
    }
  }
  return {
    ...wording,
    slots,
    firstLines,
    windowCount: members.reduce((sum, { windowCount }) => sum + windowCount, 0),
    baselineCount: members.reduce((sum, { baselineCount }) => sum + baselineCount, 0),
    dispersion: Math.max(...members.map(({ dispersion }) => dispersion)),
  };
}

function risen(
  observations: Observations,
  observation: TemplateObservation,
  rise: Rise,
  variants: number,
): Anomaly {
  const { grid } = observations;
  const evidence = evidenceFrom(observation.firstLines, rise.bin);
  const sinceMs = evidence[0]?.timeMs ?? grid.binStartMs(rise.bin);
  const isNew = observation.baselineCount === 0 && grid.baselineMs > 0;
  const own = severityByLevel(observation);
  const known = observation.pattern;
  // The pattern names the finding where it is graver than what the line itself claims; otherwise it only explains it.
  const isKnown = known !== null && severityRank(known.severity) > severityRank(own);
  const kind: FindingKind = isKnown ? 'known_pattern' : isNew ? 'new_template' : 'elevated_template';
  const before = rise.restCount === 0 ? 'not seen before' : `${rounded(rise.expected)} expected`;
  const meaning = observation.pattern === null ? '' : ` (${observation.pattern.meaning})`;
  return {
    kind,
    severity: isKnown ? known.severity : own,
    service: observation.service,
    subject: observation.template.id,
    probability: rise.probability,
    ratio: rise.expected > 0 ? rise.count / rise.expected : Infinity,
    title:
      `${named(observation.service)} wrote ${quoted(observation.template.text)}${meaning} ` +
      `${plural(rise.count, 'time')} since ${clockTime(sinceMs)}, ${before}${variants > 1 ? `, in ${variants} variants` : ''}`,
    sinceMs,
    count: observation.windowCount,
    baselineCount: scaledBaseline(observations, observation),
    template: observation.template,
    pattern: observation.pattern,
    evidence,
    series: [...observation.slots.subarray(0, grid.windowBins)],
  };
}

function detectGone(observations: Observations, observation: TemplateObservation): Anomaly | null {
  const { grid, traffic } = observations;
  const expected = scaledBaseline(observations, observation);
  if (expected < GONE_EXPECTED_MIN || observation.windowCount > expected * GONE_SHARE_MAX) return null;
  const windowTraffic = sumOf(traffic, 0, grid.windowBins);
  const baselineTraffic = sumOf(traffic, grid.windowBins, grid.slots);
  const trafficRatio = windowTraffic / grid.windowMs / (baselineTraffic / grid.baselineMs);
  const probability = fallProbability({
    count: observation.windowCount,
    baselineCount: observation.baselineCount,
    exposure: grid.windowMs * Math.min(1, trafficRatio),
    baselineExposure: grid.baselineMs,
    dispersion: observation.dispersion,
  });
  return {
    kind: 'gone_template',
    severity: 'low',
    service: observation.service,
    subject: observation.template.id,
    probability,
    ratio: expected / Math.max(0.5, observation.windowCount),
    title:
      `${named(observation.service)} wrote ${quoted(observation.template.text)} ` +
      `${plural(observation.windowCount, 'time')}, ${rounded(expected)} expected`,
    sinceMs: null,
    count: observation.windowCount,
    baselineCount: expected,
    template: observation.template,
    pattern: null,
    evidence: evidenceFrom(observation.firstLines, 0),
    series: [...observation.slots.subarray(0, grid.windowBins)],
  };
}

const GONE_EXPECTED_MIN = 10;
const GONE_SHARE_MAX = 0.1;

function scaledBaseline(observations: Observations, observation: TemplateObservation): number {
  const { grid } = observations;
  return grid.baselineMs > 0 ? (observation.baselineCount * grid.windowMs) / grid.baselineMs : 0;
}

function severityByLevel(observation: TemplateObservation): Severity {
  if (observation.level === 'fatal') return 'critical';
  if (isErrorLevel(observation.level)) return 'high';
  if (observation.level === 'warn') return 'medium';
  return FAILURE_WORDS.test(observation.template.text) ? 'low' : 'info';
}

/** Words of failure, but not as the name of a value: `failed=0` counts failures, it is none. */
const FAILURE_WORDS =
  /\b(?:fail(?:ed|ure|s)?|errors?|\w*exception|time(?:d )?-?out|refused|denied|unavailable|panic|abort(?:ed)?|crash(?:ed)?|out of memory)\b(?!["']?\s?[=:])/i;
