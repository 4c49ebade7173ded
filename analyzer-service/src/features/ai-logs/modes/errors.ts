import type { FindingKind } from '../../../engine/finding.ts';
import type { Level } from '../../../engine/log-line.ts';
import { writeSummary } from '../../../engine/summary/write-summary.ts';
import { investigateWindow } from '../investigate-window.ts';
import type { ModeContext } from '../query-ai-logs.ts';
import type { ModeResult } from '../write-answer.ts';

const FAILURE_LEVELS: ReadonlySet<Level> = new Set<Level>(['warn', 'error', 'fatal']);
const FAILURE_KINDS: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'cascade',
  'elevated_template',
  'error_rate',
  'known_pattern',
  'new_template',
  'request_break',
]);

/**
 * Only what failed: warnings and errors grouped by template, each with where and how often. All lines are looked at,
 * because what goes right tells who is to blame for what does not; counts and templates are those of the failures.
 */
export async function errors(context: ModeContext): Promise<ModeResult> {
  const { result, ...reading } = await investigateWindow(context);
  const { suspects } = result;
  const counts = reading.counts.filter(({ level }) => FAILURE_LEVELS.has(level));
  const baselineCounts = reading.baselineCounts.filter(({ level }) => FAILURE_LEVELS.has(level));
  const templates = result.templates.filter(({ level }) => FAILURE_LEVELS.has(level));
  const findings = result.findings.filter(({ kind }) => FAILURE_KINDS.has(kind));
  const groups = templates
    .filter(({ windowCount }) => windowCount >= 1)
    .slice(0, context.query.limit)
    .map(({ text, service, level, windowCount, baselineCount }) => ({
      template: text,
      service,
      level,
      count: Math.floor(windowCount),
      baseline_count: Math.floor(baselineCount),
    }));
  const summary = writeSummary({ findings, suspects, counts, baseline: context.baseline });
  return {
    ...reading,
    counts,
    baselineCounts,
    summary,
    findings,
    suspects,
    templates,
    details: { errors: groups },
    warnings: [],
  };
}
