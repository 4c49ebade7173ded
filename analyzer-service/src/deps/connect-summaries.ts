import type { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import { AppError } from '../errors.ts';
import { factsOfAnswer } from '../features/ai-logs/facts-of-answer.ts';
import { queryAiLogs } from '../features/ai-logs/query-ai-logs.ts';
import type { AiLogsOptions } from '../features/ai-logs/read-context.ts';
import { querySchema } from '../features/ai-logs/schema.ts';
import { splitQuery } from '../features/ai-logs/split-query.ts';
import type { FactsOf } from '../features/summaries/routes.ts';
import { SettingsStore } from '../features/summaries/settings.ts';
import { Summaries } from '../features/summaries/summaries.ts';
import { validationHook } from '../http/error-answers.ts';
import type { Clock, Models } from '../ports.ts';

export async function connectSummaries(
  config: Config,
  db: Kysely<Database>,
  clock: Clock,
  models: Models | null,
): Promise<Summaries> {
  return new Summaries({
    models,
    db,
    clock,
    settings: await SettingsStore.open(db, clock),
    redactedNames: config.REDACTED_NAMES,
    redactLocal: config.REDACT_LOCAL_MODELS,
    redactRemote: config.REDACT_REMOTE_MODELS,
    timeoutMs: config.SUMMARY_TIMEOUT_MS,
    promptTokensMax: config.SUMMARY_PROMPT_TOKENS_MAX,
    answerTokensMax: config.SUMMARY_ANSWER_TOKENS_MAX,
  });
}

/** A summary is about what the query endpoint finds: the same question, and the same kept answer. */
export function factsOfWindow(aiLogs: AiLogsOptions): FactsOf {
  return async (request, signal) => {
    const { mode, time_range, start, end, baseline, services, severity, search, correlation_id, trace_id } =
      request;
    const parsed = querySchema.safeParse({
      mode,
      time_range,
      start,
      end,
      baseline,
      services: services?.join(','),
      severity: severity?.join(','),
      search,
      correlation_id,
      trace_id,
    });
    validationHook(parsed);
    if (!parsed.data) throw new AppError('invalid_request', 'The request could not be read. See /docs.');
    const answer = await queryAiLogs(aiLogs, splitQuery(parsed.data).question, signal);
    return { window: answer.window, facts: factsOfAnswer(answer), warnings: answer.warnings };
  };
}
