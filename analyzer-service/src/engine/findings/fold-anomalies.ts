import type { Anomaly } from '../anomalies/anomaly.ts';
import { severityRank } from './rank-findings.ts';

/**
 * Of each kind of anomaly of a service only the strongest few stay in the list: three new
 * or elevated templates, one of all else and of mere information. The first says how many more there are.
 */
export function foldAnomalies(anomalies: readonly Anomaly[]): Anomaly[] {
  const groups = new Map<string, Anomaly[]>();
  for (const anomaly of anomalies) {
    const pattern = anomaly.kind === 'known_pattern' ? anomaly.pattern?.id : '';
    const key = `${anomaly.service}\n${anomaly.kind}\n${pattern}\n${anomaly.severity === 'info'}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [anomaly]);
    else group.push(anomaly);
  }
  return [...groups.values()].flatMap((group) => foldGroup(group));
}

const TEMPLATES_KEPT = 3;
/** Below this, a smaller probability says nothing more, and the larger count is the better example. */
const CERTAIN = 1e-12;

function foldGroup(group: readonly Anomaly[]): Anomaly[] {
  const strongestFirst = [...group].sort(
    (a, b) =>
      severityRank(b.severity) - severityRank(a.severity) ||
      Math.max(CERTAIN, a.probability) - Math.max(CERTAIN, b.probability) ||
      b.count - a.count,
  );
  const [first, ...others] = strongestFirst.slice(0, keptOf(strongestFirst[0]));
  if (first === undefined) return [];
  const folded = group.length - 1 - others.length;
  return [folded === 0 ? first : { ...first, title: `${first.title}; ${folded} more like it` }, ...others];
}

function keptOf(anomaly: Anomaly | undefined): number {
  if (anomaly?.kind === 'config_change') return Infinity;
  const isOfItsOwn = anomaly?.kind === 'new_template' || anomaly?.kind === 'elevated_template';
  return isOfItsOwn && anomaly.severity !== 'info' ? TEMPLATES_KEPT : 1;
}
