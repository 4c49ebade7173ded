import type { Anomaly } from '../anomalies/anomaly.ts';
import type { TimeGrid } from '../anomalies/time-grid.ts';
import type { DelayBlame } from '../correlation/delay-blame.ts';
import type { RequestAnalysis, RequestBreak } from '../correlation/request-analysis.ts';
import type { Place } from '../correlation/request-path.ts';
import { NOTHING } from '../correlation/step-table.ts';
import type { Severity } from '../finding.ts';
import { clockTime, duration, listed, named, quoted } from './wording.ts';

/** One anomaly for each service at which requests break: its strongest break, among those that come first there. */
export function breakAnomalies(analysis: RequestAnalysis, grid: TimeGrid): Anomaly[] {
  const strongest = new Map<string, RequestBreak>();
  for (const found of analysis.breaks) {
    const { first, deviating, change } = found.count;
    if (first < FIRST_MIN || first < deviating / 2) continue;
    const known = strongest.get(found.service);
    if (known === undefined || change.rise.probability < known.count.change.rise.probability) {
      strongest.set(found.service, found);
    }
  }
  return [...strongest.values()].map((found) => breakAnomaly(found, analysis.places, grid));
}

const FIRST_MIN = 3;

function breakAnomaly({ service, count }: RequestBreak, places: readonly Place[], grid: TimeGrid): Anomaly {
  const { change } = count;
  const { rise } = change;
  const sinceMs = count.evidence[0]?.timeMs ?? grid.binStartMs(rise.bin);
  const share = rise.hits / rise.trials;
  return {
    kind: 'request_break',
    fromRequests: true,
    severity: breakSeverity(
      share,
      change.instead === NOTHING || places[change.instead ?? NOTHING]?.failed === true,
    ),
    service,
    subject: `${change.kind} ${places[change.place]?.template.id} ${places[change.place]?.service}`,
    probability: rise.probability,
    ratio: rise.restHits === 0 ? Infinity : share / (rise.restHits / rise.restTrials),
    title:
      `${breakText(service, count.change, places)} in ${rise.hits} of ${rise.trials} requests ` +
      `since ${clockTime(sinceMs)}, in ${rise.restHits} of ${rise.restTrials} before`,
    sinceMs,
    count: rise.hits,
    baselineCount: (rise.restHits / Math.max(1, rise.restTrials)) * rise.trials,
    template: places[change.instead ?? NOTHING]?.template ?? places[change.place]?.template ?? null,
    pattern: null,
    evidence: count.evidence,
    series: [],
  };
}

function breakText(
  service: string,
  change: RequestBreak['count']['change'],
  places: readonly Place[],
): string {
  const from = places[change.place];
  const instead = places[change.instead ?? NOTHING];
  const missing = places[change.missing ?? NOTHING];
  const start = `${quoted(from?.template.text ?? '', 60)}${from?.service === service ? '' : ` of ${named(from?.service ?? '')}`}`;
  if (instead !== undefined) {
    const usual = missing === undefined ? '' : ` instead of ${quoted(missing.template.text, 60)}`;
    return `${named(service)} goes on from ${start} with ${quoted(instead.template.text, 60)}${usual}`;
  }
  if (missing === undefined) return `${named(service)} stops after ${start}`;
  return `${named(service)} no longer writes ${quoted(missing.template.text, 60)} after ${start}`;
}

function breakSeverity(share: number, fails: boolean): Severity {
  if (!fails) return share >= 0.5 ? 'medium' : 'low';
  return share >= 0.5 ? 'critical' : 'high';
}

/** One anomaly for each service that explains added time in requests well, where that time matters. */
export function delayAnomalies(analysis: RequestAnalysis, grid: TimeGrid): Anomaly[] {
  const seen = new Set<string>();
  const anomalies: Anomaly[] = [];
  for (const blame of analysis.delays) {
    if (seen.has(blame.service) || blame.fit < FIT_MIN) continue;
    if (blame.addedMs < ADDED_SHARE_MIN * analysis.typicalMs) continue;
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
  const sinceMs = grid.binStartMs(worst.bin);
  const ratio = worst.afterMs / Math.max(0.1, worst.beforeMs);
  return {
    kind: 'latency',
    fromRequests: true,
    severity: ratio >= 3 ? 'high' : 'medium',
    service: blame.service,
    subject: `requests ${blame.role}`,
    probability: Math.min(...blame.shifts.map((shift) => shift.probability)),
    ratio,
    title:
      `${delaySubject(blame, places)} ${duration(worst.afterMs)} since ${clockTime(sinceMs)}, ` +
      `${duration(worst.beforeMs)} before; that adds ${duration(blame.addedMs)} to a request`,
    sinceMs,
    count: worst.count,
    baselineCount: worst.series.gapsMs.length - worst.count,
    template: null,
    pattern: null,
    evidence: blame.shifts
      .flatMap(({ series }) => series.slowest)
      .slice(0, EVIDENCE_MAX)
      .sort((a, b) => a.timeMs - b.timeMs),
    series: [],
  };
}

const EVIDENCE_MAX = 5;

function delaySubject({ service, role, shifts }: DelayBlame, places: readonly Place[]): string {
  const ends = shifts.flatMap(({ series }) => [places[series.from]?.service, places[series.to]?.service]);
  const partners = [...new Set(ends)].filter((name) => name !== undefined && name !== service) as string[];
  if (role === 'working') return `work inside ${named(service)} takes`;
  if (role === 'called') return `calls from ${listed(partners)} to ${named(service)} take`;
  return `calls from ${named(service)} to ${listed(partners)} take`;
}
