import { writeSummary } from '../../../engine/summary/write-summary.ts';
import { investigateWindow } from '../investigate-window.ts';
import type { ModeContext } from '../query-ai-logs.ts';
import type { ModeResult } from '../write-answer.ts';

/** What broke, since when, where it started: everything that differs from the baseline, and who is to blame. */
export async function troubleshoot(context: ModeContext): Promise<ModeResult> {
  const { result, ...reading } = await investigateWindow(context);
  const { findings, suspects, templates } = result;
  const summary = writeSummary({ findings, suspects, counts: reading.counts, baseline: context.baseline });
  return { ...reading, summary, findings, suspects, templates, details: {}, warnings: [] };
}
