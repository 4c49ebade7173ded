import { writeSummary } from '../../../engine/summary/write-summary.ts';
import type { FindingKind } from '../../../engine/finding.ts';
import { investigateWindow } from '../investigate-window.ts';
import { latencyByService } from '../latency-by-service.ts';
import type { ModeContext } from '../query-ai-logs.ts';
import type { ModeResult } from '../write-answer.ts';

const PERFORMANCE_KINDS: ReadonlySet<FindingKind> = new Set([
  'latency',
  'parameter_shift',
  'volume',
  'silence',
  'cascade',
]);

/** What became slower, larger or busier: latency quantiles of each service against the baseline, and shifts. */
export async function performance(context: ModeContext): Promise<ModeResult> {
  const { result, lines, baselineLines, ...reading } = await investigateWindow(context);
  const findings = result.findings.filter(
    ({ kind, pattern }) => PERFORMANCE_KINDS.has(kind) || pattern?.category === 'performance',
  );
  const ids = new Set(findings.map(({ id }) => id));
  const suspects = result.suspects.filter(({ findingIds }) => findingIds.some((id) => ids.has(id)));
  const summary = writeSummary({ findings, suspects, counts: reading.counts, baseline: context.baseline });
  const latency = await latencyByService(lines, baselineLines);
  return {
    ...reading,
    summary,
    findings,
    suspects,
    templates: result.templates,
    details: { latency: latency.slice(0, context.query.limit) },
    warnings: [],
  };
}
