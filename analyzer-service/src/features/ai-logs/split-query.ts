import type { WordsRequest } from '../../http/words-schema.ts';
import type { AiLogsQuery, AiLogsQuestion } from './schema.ts';

/** What is asked, and how the answer is told: who tells it differently shares the same kept answer. */
export function splitQuery(query: AiLogsQuery): {
  readonly question: AiLogsQuestion;
  readonly words: WordsRequest;
  readonly telling: Pick<AiLogsQuery, 'format' | 'max_tokens' | 'summary'>;
} {
  const { format, max_tokens, summary, model, template, instruction, language, ...question } = query;
  return {
    question,
    words: { model, template, instruction, language },
    telling: { format, max_tokens, summary },
  };
}
