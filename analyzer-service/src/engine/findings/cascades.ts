import type { Anomaly } from '../anomalies/anomaly.ts';
import { median } from '../anomalies/robust.ts';
import type { FailureOrder, ServiceFailures } from '../correlation/failures.ts';
import type { Place } from '../correlation/request-path.ts';
import type { Finding } from '../finding.ts';
import { clockTime, duration, listed, named, plural, quoted } from './wording.ts';

/**
 * The cascades of the window, one for each service in which trouble started: its failures are followed by failures of
 * others within the same requests. A cascade that starts in a service which an earlier one has reached is part of it.
 */
export function findCascades(
  order: FailureOrder,
  anomalies: readonly Anomaly[],
  places: readonly Place[],
): Finding[] {
  const failing = new Set(
    anomalies.filter((anomaly) => FAILURE_KINDS.has(anomaly.kind)).map((a) => a.service),
  );
  const drafts: Draft[] = [];
  for (const [service, failures] of order.services) {
    const followers = [...failures.followers].filter(
      ([name, count]) => count >= FOLLOWED_MIN && failing.has(name),
    );
    if (failures.first < FOLLOWED_MIN || followers.length === 0 || !failing.has(service)) continue;
    const main = places[failures.mainPlace ?? -1]?.template ?? null;
    const sinceMs = sinceOf(service, main, failures, anomalies);
    drafts.push({
      service,
      failures,
      main,
      sinceMs,
      requests: failures.first,
      followers: new Map(followers),
    });
  }
  return mergeCascades(drafts).map((draft) => cascadeFinding(order, draft, anomalies));
}

/** The kinds of anomaly by which a service takes part in a cascade. */
const FAILURE_KINDS: ReadonlySet<string> = new Set([
  'error_rate',
  'new_template',
  'elevated_template',
  'known_pattern',
  'latency',
  'silence',
  'request_break',
]);
const FOLLOWED_MIN = 3;
/** Two services that start to fail within this time of each other: the order says nothing. */
const TOGETHER_MS = 5000;

interface Draft {
  readonly service: string;
  readonly failures: ServiceFailures;
  /** The message with which it failed first most often. */
  readonly main: Place['template'] | null;
  readonly sinceMs: number;
  requests: number;
  readonly followers: Map<string, number>;
}

/** The earliest cascade, or the larger of two that began together, takes in those that began where it had reached. */
function mergeCascades(drafts: readonly Draft[]): Draft[] {
  const merged: Draft[] = [];
  for (const draft of [...drafts].sort(byBirth)) {
    const parent = merged.find((earlier) => earlier.followers.has(draft.service));
    if (parent === undefined) merged.push(draft);
    else absorb(parent, draft);
  }
  return merged;
}

function byBirth(a: Draft, b: Draft): number {
  const apartMs = a.sinceMs - b.sinceMs;
  if (Math.abs(apartMs) > TOGETHER_MS) return apartMs;
  return b.failures.first - a.failures.first || (a.service < b.service ? -1 : 1);
}

/** When its main message became abnormal: few requests may have been followed, but all lines are counted. */
function sinceOf(
  service: string,
  main: Place['template'] | null,
  failures: ServiceFailures,
  anomalies: readonly Anomaly[],
): number {
  const told = anomalies.find((anomaly) => anomaly.service === service && anomaly.template?.id === main?.id);
  return Math.min(told?.sinceMs ?? Infinity, failures.firstMs ?? Infinity);
}

function absorb(parent: Draft, child: Draft): void {
  parent.requests += child.requests;
  for (const [name, count] of child.followers) {
    if (name !== parent.service) parent.followers.set(name, (parent.followers.get(name) ?? 0) + count);
  }
}

function cascadeFinding(order: FailureOrder, draft: Draft, anomalies: readonly Anomaly[]): Finding {
  const { service, failures, main, sinceMs } = draft;
  const names = [...draft.followers]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([name]) => name);
  const own = anomalies.filter((anomaly) => anomaly.service === service && FAILURE_KINDS.has(anomaly.kind));
  const told = own.find(({ template }) => template?.id === main?.id);
  const share = draft.requests / Math.max(1, order.failedRequests);
  const cause = main?.text ?? failures.evidence[0]?.text ?? '';
  const lead = failures.leadsMs.length === 0 ? '' : `${duration(Math.max(0, median(failures.leadsMs)))} `;
  return {
    id: `cascade-${service}`,
    kind: 'cascade',
    severity: share >= 0.2 ? 'critical' : 'high',
    score: Math.round((0.5 + 0.5 * Math.min(1, share)) * 1000) / 1000,
    service,
    affected: names,
    title:
      `${named(service)} failed first: ${quoted(cause, 80)} came ${lead}before the error of ${listed(names)} ` +
      `in ${failures.first} of ${plural(order.failedRequests, 'failed request')} since ${clockTime(sinceMs)}`,
    sinceMs,
    count: draft.requests,
    baselineCount: 0,
    template: main,
    pattern: told?.pattern ?? null,
    evidence: failures.evidence,
    series: (told ?? own[0])?.series ?? [],
  };
}

/**
 * Whether a cascade tells the same: the failures of the services that it reached need no line of their own, nor do
 * the broken requests and the error share of the service where it began.
 */
export function explainedByCascade(anomaly: Anomaly, cascades: readonly Finding[]): boolean {
  if (!FAILURE_KINDS.has(anomaly.kind) || anomaly.kind === 'silence') return false;
  if (cascades.some((cascade) => cascade.service === anomaly.service))
    return TOLD_BY_CASCADE.has(anomaly.kind);
  return cascades.some((cascade) => cascade.affected.includes(anomaly.service));
}

const TOLD_BY_CASCADE: ReadonlySet<string> = new Set(['request_break', 'error_rate']);
