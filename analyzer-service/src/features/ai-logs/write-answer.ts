import type { CountSeries } from '../../engine/investigation/exact-counts.ts';
import type { TemplateCount } from '../../engine/investigation/investigation.ts';
import type { Finding, Suspect } from '../../engine/finding.ts';
import { type LogLine, type TimeRange, isErrorLevel } from '../../engine/log-line.ts';
import { overTime, total, totalByLevel, totalByService } from './count-lines.ts';
import { evidenceQuery } from './evidence-query.ts';
import type { ModeContext } from './mode-context.ts';
import type { AiLogsAnswer } from './schema.ts';
import type { LabelNames } from '../../engine/logql/selector.ts';

/** What a mode found, in the engine's words. */
export interface ModeResult {
  readonly summary: string;
  readonly findings: readonly Finding[];
  readonly suspects: readonly Suspect[];
  readonly counts: readonly CountSeries[];
  readonly baselineCounts: readonly CountSeries[];
  readonly templates: readonly TemplateCount[];
  readonly linesCounted: number;
  readonly linesRead: number;
  readonly cut: boolean;
  readonly details: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/** The engine's result as the API says it: ISO times, snake case, a LogQL query for each finding. */
export function writeAnswer(
  context: ModeContext,
  result: ModeResult,
): Omit<AiLogsAnswer, 'cached' | 'took_ms'> {
  const { window, baseline, query, labels } = context;
  const shown = result.findings.slice(0, query.limit);
  return {
    mode: query.mode,
    window: isoRange(window),
    baseline: baseline && isoRange(baseline),
    summary: result.summary,
    findings: shown.map((finding) => writeFinding(finding, labels)),
    findings_left_out: result.findings.length - shown.length,
    suspects: result.suspects.map(writeSuspect),
    counts: writeCounts(context, result),
    coverage: writeCoverage(result),
    details: result.details,
    queries: context.source.runs.map(({ purpose, query, range, tookMs, returned, bytesRead, linesRead }) => ({
      purpose,
      query,
      ...isoRange(range),
      took_ms: Math.round(tookMs),
      returned,
      bytes_read: bytesRead,
      lines_read: linesRead,
    })),
    warnings: [...result.warnings],
  };
}

function writeFinding(finding: Finding, labels: LabelNames): AiLogsAnswer['findings'][number] {
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
    template,
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
  };
}

function writeLine(line: LogLine): AiLogsAnswer['findings'][number]['evidence'][number] {
  return {
    timestamp_ns: line.timestampNs,
    time: isoTime(line.timeMs),
    service: line.service,
    level: line.level,
    line: line.text,
    labels: { ...line.fields },
  };
}

function writeSuspect({ service, score, reasons, findingIds }: Suspect): AiLogsAnswer['suspects'][number] {
  return { service, score: rounded(score), reasons: [...reasons], finding_ids: [...findingIds] };
}

function writeCounts({ query, stepMs }: ModeContext, result: ModeResult): AiLogsAnswer['counts'] {
  const { counts, baselineCounts } = result;
  const before = totalByService(baselineCounts);
  const now = totalByService(counts);
  const services = [...new Set([...now.keys(), ...before.keys()])].sort();
  const templates = result.templates
    .slice(0, query.limit)
    .map(({ windowCount, baselineCount, ...template }) => ({
      ...template,
      count: Math.floor(windowCount),
      baseline_count: Math.floor(baselineCount),
    }));
  return {
    total: total(counts),
    baseline_total: total(baselineCounts),
    by_service: services.map((service) => ({
      service,
      lines: now.get(service)?.lines ?? 0,
      errors: now.get(service)?.errors ?? 0,
      baseline_lines: before.get(service)?.lines ?? 0,
      baseline_errors: before.get(service)?.errors ?? 0,
    })),
    by_level: totalByLevel(counts),
    templates,
    templates_rest: total(counts) - templates.reduce((sum, { count }) => sum + count, 0),
    templates_estimated: result.cut,
    over_time: {
      step_ms: stepMs,
      lines: overTime(counts),
      errors: overTime(counts.filter(({ level }) => isErrorLevel(level))),
    },
  };
}

function writeCoverage({ linesCounted, linesRead, cut }: ModeResult): AiLogsAnswer['coverage'] {
  const words = `${linesCounted.toLocaleString('en')} lines counted, ${linesRead.toLocaleString('en')} read`;
  const note = cut
    ? `${words}: errors and rare services first, the rest evenly over services and time. Counts by service and level are exact, counts of templates are scaled up.`
    : `${words}: all of them.`;
  return { lines_counted: linesCounted, lines_read: linesRead, cut, note };
}

function isoRange({ startMs, endMs }: TimeRange): { start: string; end: string } {
  return { start: isoTime(startMs), end: isoTime(endMs) };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function rounded(score: number): number {
  return Math.round(score * 1_000) / 1_000;
}
