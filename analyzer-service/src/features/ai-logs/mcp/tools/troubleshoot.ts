import { z } from 'zod';
import type { AiLogsAnswer } from '../../schema.ts';
import { queryAiLogs } from '../../query-ai-logs.ts';
import { sentence, nameOf, quoteLog } from '../log-text.ts';
import type { Section } from '../../formats/fit-sections.ts';
import type { Reply } from '../reply.ts';
import { type ToolContext, baselineArgument, defineTool, filterArguments, windowArguments } from '../tool.ts';
import { whyEmpty } from '../why-empty.ts';
import { findingPiece, nextFrom, noteSection, windowWords } from '../write-parts.ts';

const FINDINGS_MAX = 20;
const DETAILS_MAX = 30;

export const troubleshoot = defineTool({
  name: 'troubleshoot',
  description:
    'What broke, since when, where it started, which service is to blame and the lines that prove it. Start here. Exact counts of all lines, compared with the baseline window.',
  arguments: {
    mode: z
      .enum(['troubleshoot', 'performance', 'errors', 'audit', 'conversation'])
      .default('troubleshoot')
      .describe('audit: who changed what; conversation: chats with models'),
    ...windowArguments,
    ...baselineArgument,
    ...filterArguments,
  },
  async answer({ ...query }, context) {
    return writeTroubleshooting(
      context,
      await queryAiLogs(context.aiLogs, { ...query, limit: FINDINGS_MAX }, context.signal),
      query,
    );
  },
});

type Filter = Parameters<typeof whyEmpty>[2];

async function writeTroubleshooting(
  context: ToolContext,
  answer: AiLogsAnswer,
  filter: Filter,
): Promise<Reply> {
  const { mode, window, findings, suspects, counts, coverage, findings_left_out } = answer;
  const range = { startMs: Date.parse(window.start), endMs: Date.parse(window.end) };
  const why =
    counts.total === 0 ? await whyEmpty(context, 'troubleshoot', filter, range) : { notes: [], next: [] };
  return {
    head: `${mode} ${windowWords(answer)}`,
    sections: [
      noteSection([...why.notes, `summary: ${answer.summary}`, `read: ${coverage.note}`, ...answer.warnings]),
      {
        name: 'suspects',
        pieces: suspects.map(
          ({ service, score, reasons }) =>
            `suspect ${nameOf(service)} ${score}: ${sentence(reasons.join('; '))}`,
        ),
      },
      { name: 'findings', pieces: findings.map(findingPiece) },
      detailSection(answer),
      servicesSection(answer),
      {
        name: 'templates',
        pieces: counts.templates.map(
          ({ service, level, count, baseline_count, text }) =>
            `template ${nameOf(service)} ${level} now=${count} before=${baseline_count} ${quoteLog(text)}`,
        ),
      },
    ],
    cut: findings_left_out > 0 ? [`${findings_left_out} further findings`] : [],
    next: [...why.next, ...nextFrom(findings, context.aiLogs.requestIdFields)],
  };
}

function servicesSection({ counts }: Pick<AiLogsAnswer, 'counts'>): Section {
  return {
    name: 'services',
    pieces: counts.by_service.map(
      ({ service, lines, errors, baseline_lines, baseline_errors }) =>
        `service ${nameOf(service)} lines=${lines} before=${baseline_lines} errors=${errors} before=${baseline_errors}`,
    ),
  };
}

/** What only some modes have: each row of each list as JSON, which quotes the words of logs. */
function detailSection({ details }: AiLogsAnswer): Section {
  const rows = Object.entries(details).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as readonly unknown[]) : [value])
      .slice(0, DETAILS_MAX)
      .map((row) => `${name} ${sentence(JSON.stringify(row) ?? '', 500)}`),
  );
  return { name: 'details', pieces: rows };
}
