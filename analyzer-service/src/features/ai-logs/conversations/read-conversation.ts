import { answerQuery } from '../answer-query.ts';
import { idNotFound } from '../id-not-found.ts';
import { isoRange, isoTime } from '../iso-time.ts';
import type { AiLogsOptions } from '../read-context.ts';
import { selector } from '../../../engine/logql/selector.ts';
import { lastDay } from '../time-window.ts';
import { writeQueries } from '../write-answer.ts';
import type { ConversationAnswer, ConversationQuery } from './schema.ts';
import { describeConversation, totalsByModel, totalsOf } from './totals.ts';
import { turnsOf, writeTurn } from './turns.ts';

const LINES_READ = 5_000;

/** The turns of one conversation, oldest first. Throws like answerQuery, and `not_found`. */
export async function readConversation(
  options: AiLogsOptions,
  id: string,
  query: ConversationQuery,
  signal: AbortSignal,
): Promise<ConversationAnswer> {
  const asked = { ...lastDay(query), conversation_id: id };
  return answerQuery(options, 'conversations', asked, signal, async (context) => {
    const { filter, labels, source, window, requestIdFields } = context;
    const lines = await source.read('the lines of the conversation', {
      query: selector(filter, labels),
      range: window,
      limit: LINES_READ,
      signal: context.signal,
    });
    if (lines.length === 0) throw await idNotFound(context, 'conversation_id', id);
    const turns = turnsOf(lines, requestIdFields);
    const shown = turns.slice(-query.limit);
    const cut = lines.length === LINES_READ ? [`Only the newest ${LINES_READ} lines of it were read.`] : [];
    return {
      id,
      window: isoRange(window),
      summary: describeConversation(turns),
      started: isoTime(lines[0]?.timeMs ?? window.startMs),
      ended: isoTime(lines.at(-1)?.timeMs ?? window.endMs),
      workspace_ids: [...new Set(lines.flatMap(({ fields }) => fields['workspace_id'] ?? []))].sort(),
      totals: totalsOf(turns),
      models: totalsByModel(turns),
      turns: shown.map(writeTurn),
      turns_left_out: turns.length - shown.length,
      queries: writeQueries(context),
      warnings: [...context.warnings, ...cut],
    };
  });
}
