import { plural } from '../../engine/findings/wording.ts';
import type { CountSeries } from '../../engine/investigation/exact-counts.ts';
import type { TemplateCount } from '../../engine/investigation/investigation.ts';
import type { Finding, Suspect } from '../../engine/finding.ts';
import { isErrorLevel } from '../../engine/log-line.ts';
import { overTime, total, totalByLevel, totalByService } from './count-lines.ts';
import { isoRange } from './iso-time.ts';
import type { ModeContext } from './query-ai-logs.ts';
import type { ReadContext } from './read-context.ts';
import type { AiLogsAnswer } from './schema.ts';
import { stepOf } from './time-window.ts';
import { writeFinding, writeSuspect } from './write-finding.ts';

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
  readonly muted: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/** The engine's result as the API says it: ISO times, snake case, a LogQL query for each finding. */
export function writeAnswer(
  context: ModeContext,
  result: ModeResult,
  history: ReadonlyMap<string, string>,
): Omit<AiLogsAnswer, 'cached' | 'took_ms'> {
  const { window, baseline, query, labels } = context;
  const shown = result.findings.slice(0, query.limit);
  return {
    mode: query.mode,
    window: isoRange(window),
    baseline: baseline && isoRange(baseline),
    summary: result.summary,
    findings: shown.map((finding) => writeFinding(finding, labels, history)),
    findings_left_out: result.findings.length - shown.length,
    findings_muted: result.muted,
    suspects: result.suspects.map(writeSuspect),
    counts: writeCounts(context, result),
    coverage: writeCoverage(result),
    details: result.details,
    queries: writeQueries(context),
    warnings: [...result.warnings],
  };
}

function writeCounts({ query, window }: ModeContext, result: ModeResult): AiLogsAnswer['counts'] {
  const { counts, baselineCounts } = result;
  const before = totalByService(baselineCounts);
  const now = totalByService(counts);
  const services = [...new Set([...now.keys(), ...before.keys()])].sort();
  const templates = result.templates
    .slice(0, query.limit)
    .map(({ id, text, service, level, windowCount, baselineCount }) => ({
      id,
      text,
      service,
      level,
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
      step_ms: stepOf(window),
      lines: overTime(counts),
      errors: overTime(counts.filter(({ level }) => isErrorLevel(level))),
    },
  };
}

/** Every query that the answer rests on. */
export function writeQueries({ source }: ReadContext): AiLogsAnswer['queries'] {
  return source.runs.map(({ purpose, query, range, tookMs, returned, bytesRead, linesRead }) => ({
    purpose,
    query,
    ...isoRange(range),
    took_ms: Math.round(tookMs),
    returned,
    bytes_read: bytesRead,
    lines_read: linesRead,
  }));
}

export function writeCoverage({
  linesCounted,
  linesRead,
  cut,
}: Pick<ModeResult, 'linesCounted' | 'linesRead' | 'cut'>): AiLogsAnswer['coverage'] {
  const words = `${plural(linesCounted, 'line')} counted, ${linesRead.toLocaleString('en')} read`;
  const note = cut
    ? `${words}: errors and rare services first, the rest evenly over services and time. Counts by service and level are exact, counts of templates are scaled up.`
    : `${words}: all of them.`;
  return { lines_counted: linesCounted, lines_read: linesRead, cut, note };
}
