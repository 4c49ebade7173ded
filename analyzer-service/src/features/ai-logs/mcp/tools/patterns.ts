import { z } from 'zod';
import { analyze } from '../../analyze/analyze.ts';
import type { AnalyzeAnswer } from '../../analyze/schema.ts';
import { nameOf, quoteLog, sentence } from '../log-text.ts';
import { baselineArgument, defineTool, filterArguments, windowArguments } from '../tool.ts';
import { whyEmpty } from '../why-empty.ts';
import { evidenceOf, noteSection, windowWords } from '../write-parts.ts';

export const patterns = defineTool({
  name: 'patterns',
  description:
    'The wordings (templates) of all lines with counts that add up, those that changed against the baseline first: new, elevated, gone.',
  arguments: {
    ...windowArguments,
    ...baselineArgument,
    ...filterArguments,
    limit: z.number().int().min(1).max(200).default(30),
  },
  async answer({ ...query }, context) {
    const answer = await analyze(context.aiLogs, query, context.signal);
    const { window, lines, coverage } = answer;
    const range = { startMs: Date.parse(window.start), endMs: Date.parse(window.end) };
    const why = lines === 0 ? await whyEmpty(context, 'patterns', query, range) : { notes: [], next: [] };
    const example = answer.patterns.find(({ example }) => example)?.example;
    const further = answer.patterns_found - answer.patterns.length;
    return {
      head: `patterns ${windowWords(answer)}: ${answer.patterns_found} patterns of ${lines} lines; ${answer.patterns_rest} lines belong to patterns not listed`,
      sections: [
        noteSection([...why.notes, `read: ${coverage.note}`, ...answer.warnings]),
        { name: 'patterns', pieces: answer.patterns.map(patternPiece) },
      ],
      cut: further > 0 ? [`${further} further patterns`] : [],
      next: [
        ...why.next,
        ...(example
          ? [
              {
                tool: 'query_logs',
                arguments: { evidence: evidenceOf(example) },
                shows: 'the first line of the first pattern, with the lines around it',
              },
            ]
          : []),
      ],
    };
  },
});

function patternPiece(pattern: AnalyzeAnswer['patterns'][number]): string {
  const { change, significant, service, level, count, estimated, baseline_count, first_seen, example } =
    pattern;
  const known = pattern.known_pattern ? ` means: ${sentence(pattern.known_pattern.meaning, 160)}` : '';
  const seen = change === 'usual' || !first_seen ? '' : ` first=${first_seen}`;
  return `${change}${significant ? ' significant' : ''} ${nameOf(service)} ${level} now=${estimated ? '~' : ''}${count} before=${baseline_count}${seen} ${quoteLog(pattern.text)}${known}${example && change !== 'usual' ? ` [${evidenceOf(example)}]` : ''}`;
}
