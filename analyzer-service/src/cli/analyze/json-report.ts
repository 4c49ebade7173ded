import type { FileEvent } from '../../engine/formats/event-reader.ts';
import type { Finding } from '../../engine/finding.ts';
import type { LogLine, TimeRange } from '../../engine/log-line.ts';
import type { Analysis } from './analysis.ts';
import { accountOfLines } from './line-account.ts';
import { summaryOf } from './summary.ts';

/** The whole analysis for programs. Times are ISO 8601 in UTC; evidence names file and line. */
export function toJson(analysis: Analysis): Readonly<Record<string, unknown>> {
  const { files, window, baseline, result, timeline } = analysis;
  return {
    summary: summaryOf(analysis),
    window: toJsonRange(window),
    baseline: toJsonRange(baseline),
    files,
    lines: accountOfLines(analysis),
    timeline: timeline.totals(),
    findings: result.findings.map(toJsonFinding),
    suspects: result.suspects,
    templates: result.templates.map(({ windowCount, baselineCount, ...template }) => ({
      ...template,
      count: windowCount,
      baseline_count: baselineCount,
    })),
  };
}

function toJsonFinding({
  evidence,
  sinceMs,
  baselineCount,
  ...finding
}: Finding): Readonly<Record<string, unknown>> {
  return {
    ...finding,
    since: sinceMs === null ? null : toIso(sinceMs),
    baseline_count: baselineCount,
    evidence: evidence.map(toJsonEvidence),
  };
}

function toJsonEvidence(line: LogLine): Readonly<Record<string, unknown>> {
  const { file, lineNumber, firstLine } = line as FileEvent;
  return {
    file,
    line_number: lineNumber,
    line: firstLine,
    time: toIso(line.timeMs),
    level: line.level,
    service: line.service,
  };
}

function toJsonRange(range: TimeRange | null): { readonly start: string; readonly end: string } | null {
  return range === null ? null : { start: toIso(range.startMs), end: toIso(range.endMs) };
}

function toIso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
