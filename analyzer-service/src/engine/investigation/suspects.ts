import type { Anomaly } from '../anomalies/anomaly.ts';
import type { FailureOrder } from '../correlation/failures.ts';
import type { RequestAnalysis, RequestBreak } from '../correlation/request-analysis.ts';
import type { ServiceGraph } from '../correlation/service-graph.ts';
import { dependencyPath, entryService } from '../correlation/service-graph.ts';
import type { Finding, Suspect } from '../finding.ts';
import { severityRank } from '../findings/rank-findings.ts';
import { duration, named, percent, plural } from '../findings/wording.ts';

/** One thing that speaks for a service being the cause. */
interface Evidence {
  readonly service: string;
  /** 0 to about 12: orders of magnitude by which chance is ruled out, times how well it explains the trouble. */
  readonly weight: number;
  readonly reason: string;
}

export interface SuspectQuestion {
  readonly anomalies: readonly Anomaly[];
  readonly findings: readonly Finding[];
  readonly order: FailureOrder;
  readonly analysis: RequestAnalysis;
  /** Of the window. */
  readonly graph: ServiceGraph;
  /** Whether lines were sampled: then few requests are known, and what they say needs a finding beside it. */
  readonly isSampled: boolean;
}

/**
 * Ranks the services by what speaks for each being the cause: requests that first go wrong there, time added there,
 * errors that come first there, and its own anomalies. Each further piece of evidence of a service counts half as
 * much as the one before: many symptoms of one thing are no better proof than its strongest.
 */
export function rankSuspects(question: SuspectQuestion): Suspect[] {
  const byService = new Map<string, Evidence[]>();
  for (const evidence of allEvidence(question)) {
    if (evidence.weight < WEIGHT_MIN) continue;
    const known = byService.get(evidence.service);
    if (known === undefined) byService.set(evidence.service, [evidence]);
    else known.push(evidence);
  }
  const withFinding = new Set(
    question.findings.filter(({ severity }) => severity !== 'info').map(({ service }) => service),
  );
  const drafts = [...byService].map(([service, evidence]) => {
    evidence.sort((a, b) => b.weight - a.weight);
    const weight = evidence.reduce((sum, { weight }, index) => sum + weight / 2 ** index, 0);
    const isBacked = !question.isSampled || withFinding.has(service);
    return { service, evidence, weight: isBacked ? weight : UNBACKED_SHARE * weight };
  });
  return drafts
    .sort((a, b) => b.weight - a.weight || (a.service < b.service ? -1 : 1))
    .slice(0, SUSPECTS_MAX)
    .map(({ service, evidence, weight }) => ({
      service,
      score: Math.round((1 - Math.exp(-weight / 6)) * 1000) / 1000,
      reasons: [
        ...evidence.slice(0, REASONS_MAX).map(({ reason }) => reason),
        ...wayTo(service, question.graph),
      ],
      findingIds: question.findings.filter((finding) => finding.service === service).map(({ id }) => id),
    }));
}

/** What the evidence of a few requests counts where no finding of the service backs it. */
const UNBACKED_SHARE = 0.5;
const SUSPECTS_MAX = 10;
const REASONS_MAX = 5;
const WEIGHT_MIN = 0.05;
const WEIGHT_MAX = 12;

/** How requests come to it, where they do not enter there. */
function wayTo(service: string, graph: ServiceGraph): string[] {
  const entry = entryService(graph);
  const way = entry === null || entry === service ? null : dependencyPath(graph, entry, service);
  return way === null || way.length < 3
    ? []
    : [`requests come to it by way of ${way.slice(0, -1).join(' → ')}`];
}

function allEvidence({ anomalies, findings, order, analysis }: SuspectQuestion): Evidence[] {
  return [
    ...analysis.breaks.flatMap((found) => breakEvidence(found, analysis)),
    ...delayEvidence(analysis),
    ...failureEvidence(order),
    ...anomalyEvidence(anomalies, findings),
  ];
}

/** A callee that is not reached any more may also have a caller that does not call: the other way to see the same. */
const CALLER_SHARE = 0.25;

function breakEvidence({ service, count }: RequestBreak, { places }: RequestAnalysis): Evidence[] {
  const { rise, place } = count.change;
  const rooted = count.deviating === 0 ? 0 : count.first / count.deviating;
  const weight = Math.min(WEIGHT_MAX, -Math.log10(rise.probability)) * rooted * (rise.hits / rise.trials);
  const shares = `${rise.hits} of ${rise.trials}, ${rise.restHits} of ${rise.restTrials} before`;
  const blamed = {
    service,
    weight,
    reason: `requests first leave their usual way at ${named(service)}: ${shares}`,
  };
  const caller = places[place]?.service ?? service;
  if (caller === service) return [blamed];
  const reason = `${named(caller)} is where requests still were before they missed ${named(service)}: ${shares}`;
  return [blamed, { service: caller, weight: CALLER_SHARE * weight, reason }];
}

function delayEvidence(analysis: RequestAnalysis): Evidence[] {
  return analysis.delays.map(({ service, fit, addedMs, role }) => ({
    service,
    weight: WEIGHT_MAX * fit * Math.min(1, addedMs / Math.max(1, analysis.typicalMs)),
    reason:
      `${role === 'working' ? `work inside ${named(service)}` : `calls ${role === 'called' ? 'to' : 'from'} ${named(service)}`} ` +
      `add ${duration(addedMs)} to a request and explain ${percent(fit)} of all added time`,
  }));
}

function failureEvidence(order: FailureOrder): Evidence[] {
  return [...order.services].map(([service, { first, failed }]) => ({
    service,
    weight:
      failed === 0 ? 0 : FIRST_ERROR_WEIGHT * (first / failed) * (first / Math.max(1, order.failedRequests)),
    reason: `${named(service)} logged the first new error in ${first} of ${plural(order.failedRequests, 'failed request')}`,
  }));
}

const FIRST_ERROR_WEIGHT = 4;

/** Two changes this close together happened at once, as far as a log can tell. */
const TOGETHER_MS = 10_000;

const FIRST_CHANGE_FACTOR = 1.5;
/** What a service shows after a cascade has reached it is mostly a consequence. */
const CONSEQUENCE_FACTOR = 0.4;

/** What a service shows itself, by severity; the one that changed first gains a little. */
function anomalyEvidence(anomalies: readonly Anomaly[], findings: readonly Finding[]): Evidence[] {
  const shown = new Set(findings.map((finding) => finding.service));
  const own = anomalies.filter(
    (anomaly) => anomaly.severity !== 'info' && anomaly.fromRequests !== true && shown.has(anomaly.service),
  );
  const cascades = findings.filter(({ kind }) => kind === 'cascade');
  const origins = new Set(cascades.map(({ service }) => service));
  const reached = new Set(
    cascades.flatMap(({ affected }) => affected).filter((service) => !origins.has(service)),
  );
  const earliest = Math.min(...own.map((anomaly) => anomaly.sinceMs ?? Infinity));
  return own.map((anomaly) => {
    const isFirst = anomaly.sinceMs !== null && anomaly.sinceMs <= earliest + TOGETHER_MS;
    return {
      service: anomaly.service,
      weight:
        severityRank(anomaly.severity) *
        (isFirst ? FIRST_CHANGE_FACTOR : 1) *
        (reached.has(anomaly.service) ? CONSEQUENCE_FACTOR : 1),
      reason: anomaly.title + (isFirst ? ' (among the first changes of all)' : ''),
    };
  });
}
