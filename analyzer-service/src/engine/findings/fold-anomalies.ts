import type { Anomaly } from '../anomalies/anomaly.ts';
import { severityRank } from './rank-findings.ts';

/**
 * One entry for what says the same: templates of a service that begin with the same words are added up, and of each
 * kind of anomaly of a service only the strongest few stay. Info is kept shorter than the rest.
 */
export function foldAnomalies(anomalies: readonly Anomaly[]): Anomaly[] {
  const groups = new Map<string, Anomaly[]>();
  for (const anomaly of anomalies) {
    const key = `${anomaly.service}\n${anomaly.kind}\n${anomaly.severity === 'info'}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [anomaly]);
    else group.push(anomaly);
  }
  return [...groups.values()].flatMap((group) => foldGroup(group));
}

const KEPT_OF_TEMPLATES = 3;
const BEGINNING_LENGTH = 32;

function foldGroup(group: readonly Anomaly[]): Anomaly[] {
  const strongestFirst = [...group].sort(
    (a, b) =>
      severityRank(b.severity) - severityRank(a.severity) ||
      a.probability - b.probability ||
      b.count - a.count,
  );
  const kinds = new Map<string, Anomaly[]>();
  for (const anomaly of strongestFirst) {
    const key = beginning(anomaly);
    const alike = kinds.get(key);
    if (alike === undefined) kinds.set(key, [anomaly]);
    else alike.push(anomaly);
  }
  const folded = [...kinds.values()].map((alike) => addUp(alike));
  const kept = folded.slice(0, keptOf(folded[0]));
  const [first, ...others] = kept;
  if (first === undefined || folded.length === kept.length) return kept;
  return [{ ...first, title: `${first.title}; ${folded.length - kept.length} more like it` }, ...others];
}

function keptOf(anomaly: Anomaly | undefined): number {
  if (anomaly === undefined || anomaly.kind === 'config_change') return Infinity;
  return anomaly.template === null || anomaly.severity === 'info' ? 1 : KEPT_OF_TEMPLATES;
}

/** Templates that differ late in the line, after the wording, are mostly one message with several values. */
function beginning(anomaly: Anomaly): string {
  if (anomaly.template === null || anomaly.kind === 'config_change') return anomaly.subject;
  return anomaly.template.text.replaceAll('<*>', '').trimStart().slice(0, BEGINNING_LENGTH);
}

function addUp(alike: readonly Anomaly[]): Anomaly {
  const [first, ...others] = alike;
  if (first === undefined) throw new RangeError('There is nothing to add up: give at least one anomaly.');
  if (others.length === 0) return first;
  const sinceMs = Math.min(...alike.map((anomaly) => anomaly.sinceMs ?? Infinity));
  return {
    ...first,
    title: `${first.title}; ${others.length} variants more`,
    sinceMs: Number.isFinite(sinceMs) ? sinceMs : null,
    count: alike.reduce((sum, { count }) => sum + count, 0),
    baselineCount: alike.reduce((sum, { baselineCount }) => sum + baselineCount, 0),
    series: first.series.map((_, bin) => alike.reduce((sum, { series }) => sum + (series[bin] ?? 0), 0)),
  };
}
