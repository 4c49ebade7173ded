import type { FileEvent } from '../formats/event-reader.ts';
import type { Finding } from '../finding.ts';
import type { LogLine, TimeRange } from '../log-line.ts';
import type { Analysis, FileReading } from './analysis.ts';
import { accountOfLines } from './line-account.ts';
import { summaryOf } from './summary-of-analysis.ts';
import type { Timeline } from './timeline.ts';

/** The whole analysis for programs. Times are ISO 8601 in UTC; evidence names file and line. */
export function toJson(analysis: Analysis): Readonly<Record<string, unknown>> {
  const { files, window, baseline, result, timeline } = analysis;
  return {
    summary: summaryOf(analysis),
    window: toJsonRange(window),
    baseline: toJsonRange(baseline),
    files: files.map(toJsonFile),
    lines: accountOfLines(analysis),
    timeline: toJsonTimeline(timeline.totals()),
    findings: result.findings.map(toJsonFinding),
    suspects: result.suspects.map(({ findingIds, ...suspect }) => ({ ...suspect, finding_ids: findingIds })),
    templates: result.templates.map(({ id, text, service, level, windowCount, baselineCount }) => ({
      id,
      text,
      service,
      level,
      count: windowCount,
      baseline_count: baselineCount,
    })),
  };
}

function toJsonFile(file: FileReading): Readonly<Record<string, unknown>> {
  return {
    name: file.name,
    format: file.format,
    lines: file.lines,
    events: file.events,
    events_without_time: file.eventsWithoutTime,
    continuation_lines: file.continuationLines,
    blank_lines: file.blankLines,
    cut_lines: file.cutLines,
  };
}

function toJsonTimeline({
  stepMs,
  events,
  errors,
}: ReturnType<Timeline['totals']>): Readonly<Record<string, unknown>> {
  return { step_ms: stepMs, events, errors };
}

function toJsonFinding(finding: Finding): Readonly<Record<string, unknown>> {
  const { evidence, sinceMs, baselineCount, pattern, ...rest } = finding;
  return {
    ...rest,
    since: sinceMs === null ? null : toIso(sinceMs),
    baseline_count: baselineCount,
    pattern: pattern && {
      id: pattern.id,
      category: pattern.category,
      meaning: pattern.meaning,
      causes: pattern.causes,
      next_steps: pattern.nextSteps,
    },
    evidence: evidence.map(toJsonEvidence),
  };
}

function toJsonEvidence(line: LogLine): Readonly<Record<string, unknown>> {
  const { file, lineNumber, firstLine, isCut, timestampNs } = line as FileEvent;
  return {
    file,
    line_number: lineNumber,
    line: firstLine,
    line_is_cut: isCut,
    timestamp_ns: timestampNs,
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
