import { writeSummary } from '../../../engine/summary/write-summary.ts';
import { investigateWindow } from '../investigate-window.ts';
import type { ModeContext } from '../query-ai-logs.ts';
import type { ModeResult } from '../write-answer.ts';

const ERROR_LEVELS = ['warn', 'error', 'fatal'] as const;

/** Only what failed: warnings and errors grouped by template, each with where, how often, since when. */
export async function errors(context: ModeContext): Promise<ModeResult> {
  const filter = { ...context.filter, levels: context.filter.levels ?? ERROR_LEVELS };
  const { result, ...reading } = await investigateWindow({ ...context, filter });
  const { findings, suspects, templates } = result;
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
  const summary = writeSummary({ findings, suspects, counts: reading.counts, baseline: context.baseline });
  return { ...reading, summary, findings, suspects, templates, details: { errors: groups }, warnings: [] };
}
