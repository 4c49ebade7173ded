import type { SummaryFacts } from '../../engine/summary/facts.ts';
import type { AiLogsAnswer } from './schema.ts';

/** What a summary may say about an answer. */
export function factsOfAnswer(
  answer: Pick<
    AiLogsAnswer,
    'window' | 'baseline' | 'summary' | 'findings' | 'suspects' | 'counts' | 'coverage'
  >,
): SummaryFacts {
  const { window, baseline, summary, findings, suspects, counts, coverage } = answer;
  return {
    window,
    baseline,
    summary,
    findings: findings.map(({ baseline_count, pattern, evidence, ...finding }) => ({
      ...finding,
      baselineCount: baseline_count,
      meaning: pattern?.meaning ?? null,
      causes: pattern?.causes ?? [],
      nextSteps: pattern?.next_steps ?? [],
      evidence,
    })),
    suspects: suspects.map(({ finding_ids, ...suspect }) => ({ ...suspect, findingIds: finding_ids })),
    services: counts.by_service.map(({ service, lines, errors, baseline_lines, baseline_errors }) => ({
      service,
      lines,
      errors,
      baselineLines: baseline_lines,
      baselineErrors: baseline_errors,
    })),
    notes: coverage.cut ? [coverage.note] : [],
  };
}
