import type { LogSource } from '../../ports.ts';
import { answerQuery } from './answer-query.ts';
import { historyOf } from './finding-history.ts';
import { audit } from './modes/audit.ts';
import { conversation } from './modes/conversation.ts';
import { errors } from './modes/errors.ts';
import { performance } from './modes/performance.ts';
import { troubleshoot } from './modes/troubleshoot.ts';
import type { AiLogsOptions, ReadContext } from './read-context.ts';
import type { AiLogsAnswer, AiLogsQuery, AiLogsQuestion } from './schema.ts';
import { type ModeResult, writeAnswer } from './write-answer.ts';

/** What a mode works with: what to read, and the question. */
export interface ModeContext extends ReadContext {
  readonly query: AiLogsQuestion;
}

const MODES: Record<AiLogsQuery['mode'], (context: ModeContext) => Promise<ModeResult>> = {
  troubleshoot,
  performance,
  errors,
  audit,
  conversation,
};

/** Runs one mode. Throws like answerQuery. */
export async function queryAiLogs(
  options: AiLogsOptions,
  query: AiLogsQuestion,
  signal: AbortSignal,
): Promise<AiLogsAnswer> {
  return answerQuery(options, 'query', query, signal, async (read) => {
    const context = { ...read, query };
    const result = await MODES[query.mode](context);
    const unknown = await unknownServices(options.logs, query, result, context);
    const history = await historyOf(read, result.findings.slice(0, query.limit));
    const warnings = [...read.warnings, ...result.warnings, ...unknown];
    return writeAnswer(context, { ...result, warnings }, history);
  });
}

/** A name that nobody logs under is a typing error more often than a silent service: the answer says which exist. */
async function unknownServices(
  logs: LogSource,
  { services }: Pick<AiLogsQuery, 'services'>,
  { counts, baselineCounts }: ModeResult,
  { window, baseline, signal }: ModeContext,
): Promise<string[]> {
  const seen = new Set([...counts, ...baselineCounts].map(({ service }) => service));
  const missing = (services ?? []).filter((service) => !seen.has(service));
  if (missing.length === 0) return [];
  const existing = await logs.services(
    { startMs: (baseline ?? window).startMs, endMs: window.endMs },
    signal,
  );
  const gone = missing.filter((service) => !existing.includes(service));
  if (gone.length === 0) return [];
  const names = existing.length > 0 ? existing.slice(0, 30).join(', ') : 'none';
  return [`No lines of ${gone.join(', ')} in the window or its baseline. Services that wrote: ${names}.`];
}
