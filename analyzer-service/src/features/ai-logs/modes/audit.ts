import { writeSummary } from '../../../engine/summary/write-summary.ts';
import { rankFindings } from '../../../engine/findings/rank-findings.ts';
import { changeFindings, findChanges } from '../find-changes.ts';
import { investigateWindow } from '../investigate-window.ts';
import { isoTime } from '../iso-time.ts';
import type { ModeContext } from '../query-ai-logs.ts';
import type { ModeResult } from '../write-answer.ts';

/** Who changed what, and what began soon after it. */
export async function audit(context: ModeContext): Promise<ModeResult> {
  const [{ changes, cut }, { result, ...reading }] = await Promise.all([
    findChanges(context),
    investigateWindow(context),
  ]);
  const beginnings = result.findings.filter(({ severity }) => severity !== 'info');
  const findings = rankFindings(changeFindings(changes, beginnings));
  const suspects = result.suspects.filter(({ service }) =>
    changes.some(({ line }) => line.service === service),
  );
  const events = changes.slice(-context.query.limit).map(({ line, actor, action, target }) => ({
    time: isoTime(line.timeMs),
    service: line.service,
    actor,
    action,
    target,
    line: line.text,
  }));
  const told =
    changes.length === 0
      ? 'No line in this window tells of a change.'
      : `${changes.length} change(s) in this window.`;
  const story = writeSummary({ findings, suspects, counts: reading.counts, baseline: context.baseline });
  return {
    ...reading,
    summary: changes.length === 0 ? told : `${told} ${story}`,
    findings,
    suspects,
    templates: result.templates,
    details: { events, events_found: changes.length },
    warnings: cut ? [`Only the newest ${changes.length} lines that tell of changes were read.`] : [],
  };
}
