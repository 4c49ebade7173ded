import { AppError } from '../../errors.ts';
import type { GenerateRequest, ModelService } from '../../ports.ts';
import type { GeneratedText, Wishes } from './schema.ts';
import type { WrittenText } from './write-texts.ts';

export interface ModelRoutesOptions {
  readonly models: ModelService;
  readonly limits: ModelLimits;
}

export interface ModelLimits {
  /** Of all texts of one question together. */
  readonly promptCharsMax: number;
  readonly tokensMax: number;
  readonly timeoutMs: number;
}

/** One prompt of the API as a question to the models. Throws `invalid_request`. */
export function requestOf(
  prompt: string,
  wishes: Wishes,
  limits: ModelLimits,
  signal: AbortSignal,
): GenerateRequest {
  if (prompt.length > limits.promptCharsMax)
    throw new AppError(
      'invalid_request',
      `The prompt has ${prompt.length} characters, and ${limits.promptCharsMax} are allowed. Send less, or raise MODEL_PROMPT_CHARS_MAX.`,
    );
  return {
    purpose: 'chat',
    model: wishes.model,
    messages: [{ role: 'user', content: prompt }],
    schema: wishes.schema,
    tokensMax: Math.min(wishes.max_tokens, limits.tokensMax),
    temperature: wishes.temperature,
    timeoutMs: limits.timeoutMs,
    signal,
  };
}

/** An answer in the API's terms. */
export function writeGenerated(written: WrittenText): GeneratedText {
  const { text, model, promptTokens, answerTokens, tookMs, failures, cached } = written;
  return {
    text,
    model,
    tokens_used: { prompt: promptTokens, answer: answerTokens, total: promptTokens + answerTokens },
    processing_time: tookMs,
    timestamp: new Date().toISOString(),
    failures: [...failures],
    cached,
  };
}
