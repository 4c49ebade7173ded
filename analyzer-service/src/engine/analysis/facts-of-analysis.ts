import type { Finding } from '../finding.ts';
import type { FileEvent } from '../formats/event-reader.ts';
import { isErrorLevel, type TimeRange } from '../log-line.ts';
import type { FindingFacts, ServiceFacts, SummaryFacts } from '../summary/facts.ts';
import { writeSummary } from '../summary/write-summary.ts';
import type { InvestigationResult } from '../investigation/investigation.ts';
import type { Analysis } from './analysis.ts';
import { summaryOf } from './summary-of-analysis.ts';

/** What a summary may say about an analysis. */
export function factsOfAnalysis(analysis: Analysis): SummaryFacts {
  return { ...factsOfResult(analysis), summary: summaryOf(analysis) };
}

/** The same for an investigation of lines that no file holds; every line of it was read. */
export function factsOfInvestigation(
  result: InvestigationResult,
  window: TimeRange,
  baseline: TimeRange | null,
): SummaryFacts {
  const counts = countsByService({ result }).map(({ service, lines, errors }) => [
    { service, level: 'info' as const, startMs: window.startMs, stepMs: 1, counts: [lines - errors] },
    { service, level: 'error' as const, startMs: window.startMs, stepMs: 1, counts: [errors] },
  ]);
  const { findings, suspects } = result;
  const summary = writeSummary({ findings, suspects, counts: counts.flat(), baseline });
  return { ...factsOfResult({ result, window, baseline }), summary };
}

function factsOfResult({
  result,
  window,
  baseline,
}: Pick<Analysis, 'result' | 'window' | 'baseline'>): Omit<SummaryFacts, 'summary'> {
  return {
    window: isoRange(window),
    baseline: isoRange(baseline),
    findings: result.findings.map(factsOfFinding),
    suspects: result.suspects,
    services: countsByService({ result }),
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
