import { AppError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { CountedModels } from './counted-models.ts';
import type { ModelHealth, ModelMetrics, ModelUsage } from './schema.ts';
import { dayOf, type UsageBook } from './usage-book.ts';

export interface ModelUseOptions {
  readonly models: CountedModels;
  readonly usage: UsageBook;
  readonly clock: Clock;
}

const DAY_MS = 24 * 3_600_000;

/** Throws `forbidden` when somebody asks for the key of another. */
export async function modelUsage(
  { usage, clock }: ModelUseOptions,
  asked: { readonly days: number; readonly key?: string | undefined; readonly limit: number },
  caller: { readonly id: string; readonly role: string },
): Promise<ModelUsage> {
  const isAdmin = caller.role === 'admin';
  if (asked.key !== undefined && asked.key !== caller.id && !isAdmin)
    throw new AppError(
      'forbidden',
      `The usage of ${asked.key} takes the role admin. Leave "key" out for that of your own key.`,
    );
  await usage.written();
  const sinceMs = dayOf(clock()) - (asked.days - 1) * DAY_MS;
  const query = { actor: asked.key ?? (isAdmin ? null : caller.id), sinceMs };
  const [rows, totals] = [await usage.rows(query, asked.limit), await usage.totals(query)];
  return {
    since: writeDay(sinceMs),
    totals: {
      requests: totals.requests,
      prompt_tokens: totals.promptTokens,
      completion_tokens: totals.answerTokens,
    },
    usage: rows.map(({ actor, day_ms, model, requests, prompt_tokens, answer_tokens }) => ({
      day: writeDay(day_ms),
      key: actor,
      model,
      requests,
      prompt_tokens,
      completion_tokens: answer_tokens,
    })),
    left_out: Math.max(0, totals.rows - rows.length),
  };
}

export async function modelHealth({ models, clock }: ModelUseOptions): Promise<ModelHealth> {
  const states = models.list().map(({ name, kind, state, queued }) => ({ name, kind, state, queued }));
  const known = {
    configured: states.length,
    loaded: states.filter(({ state }) => state === 'loaded').length,
    waiting: states.reduce((sum, { queued }) => sum + queued, 0),
    models: states,
    timestamp: new Date(clock()).toISOString(),
  };
  try {
    const { lastAnswerMs } = await models.check();
    const none = states.length === 0;
    const message = none ? 'No model is configured. MODELS_CONFIG names the file that lists them.' : null;
    return { status: none ? 'none' : 'ok', message, last_answer_ms: lastAnswerMs, ...known };
  } catch (error) {
    return { status: 'degraded', message: (error as Error).message, last_answer_ms: null, ...known };
  }
}

export function modelMetrics({ models, clock }: ModelUseOptions): ModelMetrics {
  return {
    since: new Date(models.sinceMs).toISOString(),
    models: models.list().map(({ name, state, queued }) => {
      const { requests, promptTokens, answerTokens, embeddings, tookMs, longestMs } = models.figuresOf(name);
      return {
        name,
        state,
        queued,
        requests,
        prompt_tokens: promptTokens,
        completion_tokens: answerTokens,
        embeddings,
        mean_answer_ms: requests > 0 ? Math.round(tookMs / requests) : null,
        longest_answer_ms: requests > 0 ? longestMs : null,
        completion_tokens_per_second: tookMs > 0 ? round1((answerTokens * 1_000) / tookMs) : null,
      };
    }),
    failures: { ...models.failures },
    timestamp: new Date(clock()).toISOString(),
  };
}

function writeDay(dayMs: number): string {
  return new Date(dayMs).toISOString().slice(0, 10);
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
