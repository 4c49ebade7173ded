import type { Finding } from '../finding.ts';
import type { FileEvent } from '../formats/event-reader.ts';
import { isErrorLevel, type TimeRange } from '../log-line.ts';
import type { FindingFacts, ServiceFacts, SummaryFacts } from '../summary/facts.ts';
import type { Analysis } from './analysis.ts';
import { summaryOf } from './summary-of-analysis.ts';

/** What a summary may say about an analysis. */
export function factsOfAnalysis(analysis: Analysis): SummaryFacts {
  const { window, baseline, result } = analysis;
  return {
    window: isoRange(window),
    baseline: isoRange(baseline),
    summary: summaryOf(analysis),
    findings: result.findings.map(factsOfFinding),
    suspects: result.suspects,
    services: countsByService(analysis),
    notes: [],
  };
}

function factsOfFinding(finding: Finding): FindingFacts {
  const { id, kind, severity, service, affected, title, count, baselineCount, pattern } = finding;
  return {
    id,
    kind,
    severity,
    service,
    affected,
    title,
    count,
    baselineCount,
    since: finding.sinceMs === null ? null : iso(finding.sinceMs),
    meaning: pattern?.meaning ?? null,
    causes: pattern?.causes ?? [],
    nextSteps: pattern?.nextSteps ?? [],
    evidence: finding.evidence.map((line) => ({
      time: iso(line.timeMs),
      service: line.service,
      line: (line as Partial<FileEvent>).firstLine ?? line.text,
    })),
  };
}

/** From the templates: counts of all services, those with errors and the largest first. */
function countsByService({ result }: Pick<Analysis, 'result'>): readonly ServiceFacts[] {
  const services = new Map<string, { -readonly [Name in keyof ServiceFacts]: ServiceFacts[Name] }>();
  for (const { service, level, windowCount, baselineCount } of result.templates) {
    const counts = services.get(service) ?? {
      service,
      lines: 0,
      errors: 0,
      baselineLines: 0,
      baselineErrors: 0,
    };
    services.set(service, counts);
    counts.lines += windowCount;
    counts.baselineLines += baselineCount;
    if (!isErrorLevel(level)) continue;
    counts.errors += windowCount;
    counts.baselineErrors += baselineCount;
  }
  return [...services.values()].sort((a, b) => b.errors - a.errors || b.lines - a.lines);
}

function isoRange(range: TimeRange | null) {
  return range && { start: iso(range.startMs), end: iso(range.endMs) };
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
