import { z } from 'zod';
import { AppError } from '../../../../errors.ts';
import { queryAiLogs } from '../../query-ai-logs.ts';
import type { AiLogsAnswer } from '../../schema.ts';
import { nameOf, quoteLog } from '../log-text.ts';
import { defineTool, servicesArgument, windowArguments } from '../tool.ts';
import { whyEmpty } from '../why-empty.ts';
import { findingPiece, nextFrom, noteSection, windowWords } from '../write-parts.ts';

const TEMPLATES_MAX = 200;

export const compare = defineTool({
  name: 'compare',
  description:
    'Two windows side by side, per service and per wording, those that changed most first: before and after a deploy, today and yesterday.',
  arguments: {
    ...windowArguments,
    baseline: z.enum(['previous', 'yesterday', 'last_week']).default('previous'),
    baseline_start: z.string().min(1).max(40).optional().describe('with baseline_end'),
    baseline_end: z.string().min(1).max(40).optional(),
    ...servicesArgument,
  },
  async answer({ ...query }, context) {
    if (Boolean(query.baseline_start) !== Boolean(query.baseline_end))
      throw new AppError('invalid_request', 'Give baseline_start and baseline_end together, or neither.');
    const answer = await queryAiLogs(
      context.aiLogs,
      { ...query, mode: 'troubleshoot', limit: TEMPLATES_MAX },
      context.signal,
    );
    const { window, counts, findings, coverage } = answer;
    const range = { startMs: Date.parse(window.start), endMs: Date.parse(window.end) };
    const why =
      counts.total === 0 ? await whyEmpty(context, 'compare', query, range) : { notes: [], next: [] };
    const scale = scaleOf(answer);
    return {
      head: `compare ${windowWords(answer)}: ${counts.total} lines, ${Math.round(counts.baseline_total * scale)} before in a window of this length`,
      sections: [
        noteSection([
          ...why.notes,
          `summary: ${answer.summary}`,
          `read: ${coverage.note}`,
          ...answer.warnings,
        ]),
        { name: 'services', pieces: servicePieces(answer, scale) },
        { name: 'findings', pieces: findings.map(findingPiece) },
        { name: 'templates', pieces: templatePieces(answer, scale) },
      ],
      cut: [],
      next: [...why.next, ...nextFrom(findings, context.aiLogs.requestIdFields)],
    };
  },
});

/** What makes counts of the baseline those of a window of this length. */
function scaleOf({ window, baseline }: AiLogsAnswer): number {
  if (!baseline) return 1;
  const length = ({ start, end }: { start: string; end: string }) => Date.parse(end) - Date.parse(start);
  return length(window) / length(baseline);
}

function servicePieces({ counts }: AiLogsAnswer, scale: number): string[] {
  const rows = counts.by_service.map((row) => ({
    ...row,
    was: row.baseline_lines * scale,
    wereErrors: row.baseline_errors * scale,
  }));
  return rows
    .sort(
      (a, b) =>
        change(b.errors, b.wereErrors) +
        change(b.lines, b.was) -
        change(a.errors, a.wereErrors) -
        change(a.lines, a.was),
    )
    .map(
      ({ service, lines, errors, was, wereErrors }) =>
        `service ${nameOf(service)} lines ${Math.round(was)} > ${lines} (${ratio(lines, was)}), errors ${Math.round(wereErrors)} > ${errors} (${ratio(errors, wereErrors)})`,
    );
}

function templatePieces({ counts }: AiLogsAnswer, scale: number): string[] {
  return counts.templates
    .map((row) => ({ ...row, was: row.baseline_count * scale }))
    .sort((a, b) => change(b.count, b.was) - change(a.count, a.was))
    .map(
      ({ service, level, count, was, text }) =>
        `template ${nameOf(service)} ${level} ${Math.round(was)} > ${count} (${ratio(count, was)}) ${quoteLog(text)}`,
    );
}

/** How far two counts lie apart in units of what chance does to them: the Anscombe transform of Poisson counts. */
function change(now: number, before: number): number {
  return Math.abs(Math.sqrt(now + 0.375) - Math.sqrt(before + 0.375));
}

function ratio(now: number, before: number): string {
  if (before < 0.5) return now > 0 ? 'new' : 'same';
  if (now === 0) return 'gone';
  return `x${Number((now / before).toPrecision(2))}`;
}
