import type { Finding, Suspect } from '../../engine/finding.ts';
import type { LogLine } from '../../engine/log-line.ts';
import { evidenceQuery } from './evidence-query.ts';
import { isoTime } from './iso-time.ts';
import type { AiLogsAnswer } from './schema.ts';
import type { LabelNames } from '../../engine/logql/selector.ts';

/** A finding as the API says it: ISO times, snake case, a LogQL query that shows its lines. */
export function writeFinding(
  finding: Finding,
  labels: LabelNames,
  history: ReadonlyMap<string, string> = new Map(),
): AiLogsAnswer['findings'][number] {
  const { id, kind, severity, score, service, affected, title, template, pattern } = finding;
  return {
    id,
    kind,
    severity,
    score: rounded(score),
    service,
    affected: [...affected],
    title,
    since: finding.sinceMs === null ? null : isoTime(finding.sinceMs),
    count: Math.round(finding.count),
    baseline_count: Math.round(finding.baselineCount),
    template: template && { id: template.id, text: template.text },
    pattern: pattern && {
      id: pattern.id,
      category: pattern.category,
      meaning: pattern.meaning,
      causes: [...pattern.causes],
      next_steps: [...pattern.nextSteps],
    },
    evidence: finding.evidence.map(writeLine),
    evidence_query: evidenceQuery(finding, labels),
    series: [...finding.series],
    history: history.get(id) ?? null,
  };
}

export function writeLine(line: LogLine): AiLogsAnswer['findings'][number]['evidence'][number] {
  return {
    timestamp_ns: line.timestampNs,
    time: isoTime(line.timeMs),
    service: line.service,
    level: line.level,
    line: line.text,
    labels: { ...line.fields },
  };
}

export function writeSuspect({
  service,
  score,
  reasons,
  findingIds,
}: Suspect): AiLogsAnswer['suspects'][number] {
  return { service, score: rounded(score), reasons: [...reasons], finding_ids: [...findingIds] };
}

/** A duration to the microsecond: what clocks of logs do not know is not told. */
export function milliseconds(valueMs: number): number {
  return Math.round(valueMs * 1_000) / 1_000;
}

function rounded(score: number): number {
  return Math.round(score * 1_000) / 1_000;
}
