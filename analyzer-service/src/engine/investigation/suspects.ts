import type { Anomaly } from '../anomalies/anomaly.ts';
import type { FailureOrder } from '../correlation/failures.ts';
import type { Finding, Suspect } from '../finding.ts';
import { severityRank } from '../findings/rank-findings.ts';
import { clockTime, named, percent } from '../findings/wording.ts';

/** Ranks the services by how much speaks for each being the cause; none when nothing is above "info". */
export function rankSuspects(
  anomalies: readonly Anomaly[],
  findings: readonly Finding[],
  order: FailureOrder,
): Suspect[] {
  const services = new Set(findings.filter((finding) => finding.severity !== 'info').map((f) => f.service));
  const firstSinceMs = Math.min(...anomalies.map((anomaly) => anomaly.sinceMs ?? Infinity));
  const drafts = [...services].map((service) => draftOf(service, anomalies, findings, order, firstSinceMs));
  const best = Math.max(...drafts.map((draft) => draft.weight), 1e-9);
  return drafts
    .sort((a, b) => b.weight - a.weight || (a.service < b.service ? -1 : 1))
    .slice(0, SUSPECTS_MAX)
    .map(({ service, weight, reasons, findingIds }) => ({
      service,
      score: Math.round((weight / best) * 1000) / 1000,
      reasons,
      findingIds,
    }));
}

const SUSPECTS_MAX = 10;

interface Draft {
  readonly service: string;
  readonly weight: number;
  readonly reasons: readonly string[];
  readonly findingIds: readonly string[];
}

function draftOf(
  service: string,
  anomalies: readonly Anomaly[],
  findings: readonly Finding[],
  order: FailureOrder,
  firstSinceMs: number,
): Draft {
  const own = findings.filter((finding) => finding.service === service && finding.severity !== 'info');
  const strongest = Math.max(...own.map((finding) => severityRank(finding.severity) + finding.score), 0);
  const failures = order.services.get(service);
  const firstShare = failures === undefined ? 0 : failures.first / Math.max(1, order.failedRequests);
  const sinceMs = Math.min(
    ...anomalies
      .filter((anomaly) => anomaly.service === service)
      .map((anomaly) => anomaly.sinceMs ?? Infinity),
  );
  const isEarliest = Number.isFinite(sinceMs) && sinceMs <= firstSinceMs;
  const reasons = own.slice(0, 4).map((finding) => finding.title);
  if (failures !== undefined && failures.first > 0) {
    reasons.push(
      `${named(service)} logged the first error in ${failures.first} of ${order.failedRequests} failed requests ` +
        `(${percent(firstShare)})`,
    );
  }
  if (isEarliest) reasons.push(`${named(service)} changed first, at ${clockTime(sinceMs)}`);
  return {
    service,
    weight: strongest + 3 * firstShare + (isEarliest ? 1 : 0),
    reasons,
    findingIds: own.map((finding) => finding.id),
  };
}
