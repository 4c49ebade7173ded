import { rankFindings } from '../../../engine/findings/rank-findings.ts';
import { writeSummary } from '../../../engine/summary/write-summary.ts';
import { changeFindings, findChanges } from '../find-changes.ts';
import { investigateWindow } from '../investigate-window.ts';
import type { ModeContext } from '../query-ai-logs.ts';
import type { ModeResult } from '../write-answer.ts';

/** What broke, since when, where it started: everything that differs from the baseline, and who is to blame. */
export async function troubleshoot(context: ModeContext): Promise<ModeResult> {
  const [{ changes }, { result, ...reading }] = await Promise.all([
    findChanges(context),
    investigateWindow(context),
  ]);
  const { suspects, templates } = result;
  // A change is a finding here only where something grave began right after it.
  const beginnings = result.findings.filter(({ severity }) => severity === 'high' || severity === 'critical');
  const withAftermath = changeFindings(changes, beginnings).filter(({ severity }) => severity !== 'info');
  const findings = rankFindings([...result.findings, ...withAftermath]);
  const summary = writeSummary({ findings, suspects, counts: reading.counts, baseline: context.baseline });
  return { ...reading, summary, findings, suspects, templates, details: {}, warnings: [] };
}
