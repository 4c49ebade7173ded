import { z } from 'zod';
import { detectFormat } from '../../../../engine/formats/detect-format.ts';
import { parseLine } from '../../../../engine/formats/parse-line.ts';
import { AppError } from '../../../../errors.ts';
import { answerQuery } from '../../answer-query.ts';
import { isoRange } from '../../iso-time.ts';
import { selector } from '../../../../engine/logql/selector.ts';
import { readEvidenceId } from '../evidence-id.ts';
import { readEvidence } from '../expand-evidence.ts';
import { nameOf, quoteLog } from '../log-text.ts';
import { type ToolContext, defineTool, servicesArgument, windowArguments } from '../tool.ts';
import { noteSection, windowWords } from '../write-parts.ts';

const FIELDS_MAX = 20;
/** Numbers, ids and quoted values change from line to line: what stands between them is what the programmer wrote. */
const VALUES = /"[^"]*"|'[^']*'|\S*\d\S*|\S*[=:{}[\]()<>\\]\S*/g;
const WORDING_CHARACTERS_MIN = 6;

export const explainLine = defineTool({
  name: 'explain_line',
  description:
    'What one log line (its text, or an evidence id) means: format, level, known cause and what to do, and how often its wording occurs now and in the window before.',
  arguments: {
    line: z.string().min(1).max(20_000).optional(),
    evidence: z.string().min(1).max(700).optional(),
    ...windowArguments,
    ...servicesArgument,
  },
  async answer({ line: given, evidence, ...query }, context) {
    const text = await textOf(context, given, evidence);
    const { aiLogs } = context;
    const format = detectFormat([text], aiLogs.clock());
    const { message, level, service, component, fields } = parseLine(text, format);
    const pattern = aiLogs.patterns().match(text);
    const wording = longestWording(message);
    const counted = wording ? await countWording(context, query, wording) : null;
    const named = Object.entries(fields).slice(0, FIELDS_MAX);
    return {
      head: `explain_line${counted ? ` ${windowWords(counted)}` : ''}`,
      sections: [
        {
          name: 'facts',
          pieces: [
            `format=${format.name} level=${level}${service ? ` service=${nameOf(service)}` : ''}${component ? ` component=${nameOf(component)}` : ''}`,
            `message: ${quoteLog(message, 1_000)}`,
            ...(pattern
              ? [
                  `known pattern ${pattern.id} (${pattern.category}, ${pattern.severity}): ${pattern.meaning}`,
                  ...pattern.causes.map((cause) => `cause: ${cause}`),
                  ...pattern.nextSteps.map((step) => `do: ${step}`),
                ]
              : ['known pattern: none of the library; judge by the message and by the lines around it.']),
            ...(counted && wording
              ? [
                  `lines that contain ${quoteLog(wording)}: now=${counted.now} before=${counted.before} (a window of the same length)`,
                ]
              : []),
            ...(named.length > 0
              ? [`fields: ${named.map(([name, value]) => `${nameOf(name)}=${nameOf(value)}`).join(' ')}`]
              : []),
          ],
        },
        noteSection(counted?.warnings ?? []),
      ],
      cut: [],
      next: evidence
        ? [
            {
              tool: 'query_logs',
              arguments: { evidence },
              shows: 'the line whole, with the lines around it',
            },
          ]
        : [{ tool: 'troubleshoot', arguments: {}, shows: 'what else is wrong in the last half hour' }],
    };
  },
});

async function textOf(
  context: ToolContext,
  line: string | undefined,
  evidence: string | undefined,
): Promise<string> {
  if (Boolean(line) === Boolean(evidence))
    throw new AppError(
      'invalid_request',
      'Give line (its text) or evidence (an id like e:...), one of the two.',
    );
  if (line) return line;
  const id = readEvidenceId(evidence ?? '');
  if (!id)
    throw new AppError(
      'invalid_request',
      'evidence is an id like e:c8k2j3h4d5f6:9f3a2c:api, copied exactly. Give the text of the line as line instead.',
    );
  return (await readEvidence(context, id)).text;
}

/** The longest piece of a message that holds no value; null when none is long enough to tell lines apart. */
function longestWording(message: string): string | null {
  const pieces = (message.slice(0, 2_000).split('\n', 1)[0] ?? '').split(VALUES).map((piece) => piece.trim());
  const [longest = ''] = pieces.sort((a, b) => b.length - a.length);
  return longest.length >= WORDING_CHARACTERS_MIN ? longest.slice(0, 200) : null;
}

type Query = Parameters<typeof answerQuery>[2];

async function countWording({ aiLogs, signal }: ToolContext, query: Query, wording: string) {
  const question = { ...query, search: wording, baseline: 'previous' as const };
  return answerQuery(aiLogs, 'mcp/explain_line', question, signal, async (read) => {
    const { filter, labels, source, window, baseline, warnings } = read;
    const count = async (range: typeof window) => {
      const [series] = await source.count('lines with this wording', {
        query: `sum(count_over_time(${selector(filter, labels)} [$step]))`,
        range,
        stepMs: range.endMs - range.startMs,
        signal: read.signal,
      });
      return series?.values[0] ?? 0;
    };
    const [now, before] = await Promise.all([count(window), baseline ? count(baseline) : 0]);
    return { window: isoRange(window), now, before, warnings };
  });
}
