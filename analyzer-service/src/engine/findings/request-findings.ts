import type { Anomaly } from '../anomalies/anomaly.ts';
import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { DelayBlame } from '../correlation/delay-blame.ts';
import type { RequestAnalysis, RequestBreak } from '../correlation/request-analysis.ts';
import type { Place } from '../correlation/request-path.ts';
import { NOTHING } from '../correlation/step-table.ts';
import type { Severity } from '../finding.ts';
import { clockTime, duration, listed, named, quoted } from './wording.ts';

/** One anomaly a service whose requests break there: its strongest break, by requests that broke there first. */
export function breakAnomalies(analysis: RequestAnalysis, grid: TimeGrid): Anomaly[] {
  const strongest = new Map<string, RequestBreak>();
  for (const found of analysis.breaks) {
    if (found.first < FIRST_MIN || found.first < found.deviating / 2) continue;
    const known = strongest.get(found.service);
    if (known === undefined || found.change.rise.probability < known.change.rise.probability) {
      strongest.set(found.service, found);
    }
  }
  return [...strongest.values()].map((found) => breakAnomaly(found, analysis.places, grid));
}

const FIRST_MIN = 3;

function breakAnomaly(found: RequestBreak, places: readonly Place[], grid: TimeGrid): Anomaly {
  const { change, service } = found;
  const { rise } = change;
  const sinceMs = found.evidence[0]?.timeMs ?? grid.binStartMs(rise.bin);
  const failed = change.instead !== null && places[change.instead]?.failed === true;
  const share = rise.hits / rise.trials;
  return {
    kind: 'request_break',
    severity: severityOf(share, failed || change.instead === NOTHING),
    service,
    subject: `${change.kind} ${places[change.place]?.template.id} ${change.place}`,
    probability: rise.probability,
    ratio: rise.restHits === 0 ? Infinity : share / (rise.restHits / rise.restTrials),
    title:
      `${breakText(found, places)} in ${rise.hits} of ${rise.trials} requests since ${clockTime(sinceMs)}, ` +
      `${rise.restHits} of ${rise.restTrials} before`,
    sinceMs,
    count: rise.hits,
    baselineCount: (rise.restHits / rise.restTrials) * rise.trials,
    template: places[change.instead ?? NOTHING]?.template ?? places[change.place]?.template ?? null,
    pattern: null,
    evidence: found.evidence,
    series: [],
  };
}

function breakText({ change, service }: RequestBreak, places: readonly Place[]): string {
  const from = places[change.place];
  const instead = places[change.instead ?? NOTHING];
  const missing = places[change.missing ?? NOTHING];
  const after = quoted(from?.template.text ?? '', 60);
  if (change.kind === 'call' && missing !== undefined && service !== from?.service) {
    return `${named(service)} is no longer reached by ${named(from?.service ?? '')} after ${after}`;
  }
  const now = instead === undefined ? 'nothing' : quoted(instead.template.text, 60);
  const usual = missing === undefined ? '' : ` instead of ${quoted(missing.template.text, 60)}`;
  return `in ${named(service)} ${now} follows ${after}${usual}`;
}

function severityOf(share: number, fails: boolean): Severity {
  if (!fails) return share >= 0.5 ? 'medium' : 'low';
  return share >= 0.5 ? 'critical' : 'high';
}

/** One anomaly a service that explains added time in requests well, when the time added matters. */
export function delayAnomalies(analysis: RequestAnalysis, grid: TimeGrid): Anomaly[] {
  const seen = new Set<string>();
  const anomalies: Anomaly[] = [];
  for (const blame of analysis.delays) {
    if (
      seen.has(blame.service) ||
      blame.fit < FIT_MIN ||
      blame.addedMs < ADDED_SHARE_MIN * analysis.typicalMs
    )
      continue;
    seen.add(blame.service);
    const anomaly = delayAnomaly(blame, analysis.places, grid);
    if (anomaly !== null) anomalies.push(anomaly);
  }
  return anomalies;
}

const FIT_MIN = 0.1;
const ADDED_SHARE_MIN = 0.1;

function delayAnomaly(blame: DelayBlame, places: readonly Place[], grid: TimeGrid): Anomaly | null {
  const worst = blame.shifts[0];
  if (worst === undefined) return null;
  const sinceMs = grid.binStartMs(Math.min(...blame.shifts.map((shift) => shift.bin)));
  const others = new Set(blame.shifts.flatMap(({ series }) => [places[series.from], places[series.to]]));
  const partners = [...new Set([...others].map((place) => place?.service ?? ''))].filter(
    (name) => name !== blame.service,
  );
  const ratio = worst.afterMs / Math.max(0.1, worst.beforeMs);
  return {
    kind: 'latency',
    severity: ratio >= 3 ? 'high' : 'medium',
    service: blame.service,
    subject: `requests ${blame.role}`,
    probability: Math.min(...blame.shifts.map((shift) => shift.probability)),
    ratio,
    title:
      `${subjectOf(blame, partners)} ${duration(worst.afterMs)} since ${clockTime(sinceMs)}, ` +
      `${duration(worst.beforeMs)} before; it adds ${duration(blame.addedMs)} to a request`,
    sinceMs,
    count: worst.count,
    baselineCount: worst.series.gapsMs.length - worst.count,
    template: null,
    pattern: null,
    evidence: [],
    series: [],
  };
}

function subjectOf(blame: DelayBlame, partners: readonly string[]): string {
  if (blame.role === 'working') return `work inside ${named(blame.service)} takes`;
  if (blame.role === 'called') return `calls from ${listed(partners)} to ${named(blame.service)} take`;
  return `calls from ${named(blame.service)} to ${listed(partners)} take`;
}
