import type { Anomaly } from '../anomalies/anomaly.ts';
import type { FailureOrder, ServiceFailures } from '../correlation/failures.ts';
import type { Finding } from '../finding.ts';
import { median } from '../anomalies/robust.ts';
import { clockTime, duration, listed, named, plural, quoted } from './wording.ts';

/**
 * The cascade that starts in each service whose failures other services' failures follow within the same request.
 * Only services with an anomaly of their own take part: what fails as often as ever started nothing.
 */
export function findCascades(order: FailureOrder, anomalies: readonly Anomaly[]): Finding[] {
  const failing = new Set(anomalies.filter((a) => FAILURE_KINDS.has(a.kind)).map((a) => a.service));
  const cascades: Finding[] = [];
  for (const [service, failures] of order.services) {
    const followers = [...failures.followers]
      .filter(([name, count]) => count >= FOLLOWED_MIN && failing.has(name))
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    if (failures.first < FOLLOWED_MIN || followers.length === 0 || !failing.has(service)) continue;
    cascades.push(cascadeFinding(order, service, failures, followers, anomalies));
  }
  return cascades;
}

const FAILURE_KINDS: ReadonlySet<string> = new Set([
  'error_rate',
  'new_template',
  'elevated_template',
  'known_pattern',
  'latency',
  'silence',
]);
const FOLLOWED_MIN = 3;

function cascadeFinding(
  order: FailureOrder,
  service: string,
  failures: ServiceFailures,
  followers: readonly (readonly [string, number])[],
  anomalies: readonly Anomaly[],
): Finding {
  const names = followers.map(([name]) => name);
  const origin = failures.evidence[0];
  const own = anomalies.filter((anomaly) => anomaly.service === service && anomaly.sinceMs !== null);
  const sinceMs =
    own.length === 0 ? (origin?.timeMs ?? null) : Math.min(...own.map((a) => a.sinceMs ?? Infinity));
  const share = failures.first / Math.max(1, order.failedRequests);
  const cause = own.find((anomaly) => anomaly.template !== null)?.template?.text ?? origin?.text ?? '';
  const lead = duration(Math.max(0, median(failures.leadMs)));
  return {
    id: `cascade-${service}`,
    kind: 'cascade',
    severity: share >= 0.2 ? 'critical' : 'high',
    score: Math.round((0.5 + 0.5 * share) * 1000) / 1000,
    service,
    affected: names,
    title:
      `${named(service)} failed first: ${quoted(cause, 80)} came ${lead} before the error of ${listed(names)} ` +
      `in ${failures.first} of ${plural(order.failedRequests, 'failed request')}` +
      (sinceMs === null ? '' : `, since ${clockTime(sinceMs)}`),
    sinceMs,
    count: failures.first,
    baselineCount: 0,
    template: null,
    pattern: null,
    evidence: failures.evidence,
    series: [],
  };
}

/**
 * A cascade is one finding, not forty: the anomalies that the cascade explains (errors of the services that it
 * touches) are left out of the list. What the first failing service shows itself stays.
 */
export function explainedByCascade(anomaly: Anomaly, cascades: readonly Finding[]): boolean {
  if (!FAILURE_KINDS.has(anomaly.kind) || anomaly.kind === 'silence') return false;
  return cascades.some(
    (cascade) =>
      cascade.affected.includes(anomaly.service) &&
      !cascades.some((other) => other.service === anomaly.service),
  );
}
