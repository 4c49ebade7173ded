import { z } from 'zod';
import { selector } from '../../../../engine/logql/selector.ts';
import { answerQuery } from '../../answer-query.ts';
import { isoRange } from '../../iso-time.ts';
import { writeLine } from '../../write-finding.ts';
import { expandEvidence } from '../expand-evidence.ts';
import type { Reply } from '../reply.ts';
import { type ToolContext, defineTool, filterArguments, windowArguments } from '../tool.ts';
import { whyEmpty } from '../why-empty.ts';
import { evidenceOf, linePiece, noteSection, traceNext, windowWords } from '../write-parts.ts';

export const queryLogs = defineTool({
  name: 'query_logs',
  description:
    'Log lines, newest first, with their exact number. evidence: an id from any answer (e:...) gives that line whole, with the lines around it.',
  arguments: {
    evidence: z.string().min(1).max(700).optional(),
    ...windowArguments,
    ...filterArguments,
    limit: z.number().int().min(1).max(200).default(30),
  },
  async answer({ evidence, limit, ...query }, context) {
    if (evidence) return expandEvidence(context, evidence);
    return readNewest(context, query, limit);
  },
});

type Query = Omit<Parameters<typeof answerQuery>[2], 'baseline'>;

async function readNewest(context: ToolContext, query: Query, limit: number): Promise<Reply> {
  const { aiLogs, signal } = context;
  const question = { ...query, limit, baseline: 'none' as const };
  const answer = await answerQuery(aiLogs, 'mcp/query_logs', question, signal, async (read) => {
    const { filter, labels, source, window, warnings } = read;
    const lines = selector(filter, labels);
    const [[series], newest] = await Promise.all([
      source.count('lines that match', {
        query: `sum(count_over_time(${lines} [$step]))`,
        range: window,
        stepMs: window.endMs - window.startMs,
        signal: read.signal,
      }),
      source.read('the newest of them', { query: lines, range: window, limit, signal: read.signal }),
    ]);
    return {
      window: isoRange(window),
      counted: series?.values[0] ?? 0,
      lines: newest.map(writeLine),
      query: lines,
      warnings,
    };
  });
  const { window, counted, lines } = answer;
  const range = { startMs: Date.parse(window.start), endMs: Date.parse(window.end) };
  const why = counted === 0 ? await whyEmpty(context, 'query_logs', query, range) : { notes: [], next: [] };
  const shown = lines.toReversed();
  return {
    head: `query_logs ${windowWords(answer)}: ${counted} lines match`,
    sections: [
      noteSection([...why.notes, `logql: ${answer.query}`, ...answer.warnings]),
      { name: 'lines', pieces: shown.map((line) => linePiece(line, aiLogs.requestIdFields)) },
    ],
    cut: counted > lines.length ? [`${counted - lines.length} older lines`] : [],
    next: [
      ...why.next,
      ...shown.slice(0, 1).flatMap((line) => [
        {
          tool: 'query_logs',
          arguments: { evidence: evidenceOf(line) },
          shows: 'the newest line whole, with the lines around it',
        },
        ...traceNext(line, aiLogs.requestIdFields),
      ]),
    ],
  };
}
