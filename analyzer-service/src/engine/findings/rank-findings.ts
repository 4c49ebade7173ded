import type { Anomaly } from '../anomalies/anomaly.ts';
import { discoveryThreshold } from '../anomalies/robust.ts';
import type { Finding, Severity } from '../finding.ts';
import { SEVERITIES } from '../finding.ts';

/**
 * From what the detectors suspect, leaves out what chance explains, given how many series were
 * looked at: at most `falseShare` of what stays may be false (Benjamini & Hochberg).
 */
export function significantAnomalies(
  anomalies: readonly Anomaly[],
  tested: number,
  falseShare: number,
): Anomaly[] {
  const probabilities = anomalies.map((anomaly) => anomaly.probability);
  const unsuspected = Math.max(0, tested - probabilities.length);
  const threshold = discoveryThreshold([...probabilities, ...Array<number>(unsuspected).fill(1)], falseShare);
  return anomalies.filter((anomaly) => anomaly.probability <= threshold);
}

/** Turns an anomaly into a finding; its id depends on kind, service and subject only. */
export function toFinding(anomaly: Anomaly, affected: readonly string[] = []): Finding {
  return {
    id: `${anomaly.kind}-${hash(`${anomaly.kind}\n${anomaly.service}\n${anomaly.subject}`)}`,
    kind: anomaly.kind,
    severity: anomaly.severity,
    score: scoreOf(anomaly),
    service: anomaly.service,
    affected,
    title: anomaly.title,
    sinceMs: anomaly.sinceMs,
    count: anomaly.count,
    baselineCount: anomaly.baselineCount,
    template: anomaly.template,
    pattern: anomaly.pattern,
    evidence: anomaly.evidence,
    series: anomaly.series,
  };
}

/** Half how sure, half how large: 0 to 1. */
function scoreOf(anomaly: Anomaly): number {
  const sureness = 1 - Math.exp(Math.log10(Math.max(1e-300, anomaly.probability)) / 10);
  const size = 1 - 1 / (1 + Math.log2(Math.max(1, anomaly.ratio)));
  return Math.round((0.5 * sureness + 0.5 * size) * 1000) / 1000;
}

/** Strongest first: severity, then score, then the earlier one, then the id. */
export function rankFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      severityRank(b.severity) - severityRank(a.severity) ||
      b.score - a.score ||
      (a.sinceMs ?? Infinity) - (b.sinceMs ?? Infinity) ||
      (a.id < b.id ? -1 : 1),
  );
}

export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** FNV-1a of 32 bits as hexadecimal text. */
function hash(text: string): string {
  let value = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01_00_01_93);
  }
  return (value >>> 0).toString(16).padStart(8, '0');
}
