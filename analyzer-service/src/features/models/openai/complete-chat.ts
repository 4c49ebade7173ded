import { AppError } from '../../../errors.ts';
import type { GenerateRequest, Generated } from '../../../ports.ts';
import type { ModelLimits } from '../request-of.ts';
import type { ChatBody } from './schema.ts';

/** As in `POST /api/v1/generate`; a local model would otherwise write until its context is full. */
const TOKENS_DEFAULT = 512;
const ANY_OBJECT = { type: 'object', additionalProperties: true };

/** The question of a body of OpenAI's protocol. Throws `invalid_request` when it is too long. */
export function requestOf(body: ChatBody, limits: ModelLimits, signal: AbortSignal): GenerateRequest {
  const messages = body.messages.map(({ role, content }) => ({
    role: role === 'developer' ? ('system' as const) : role,
    content: typeof content === 'string' ? content : content.map(({ text }) => text).join(''),
  }));
  refuseTooLong(
    messages.map(({ content }) => content),
    limits,
  );
  if (messages.at(-1)?.role !== 'user')
    throw new AppError('invalid_request', 'messages: the last one must be of the user. Add a question.');
  return {
    purpose: 'chat',
    model: body.model,
    messages,
    schema: schemaOf(body.response_format),
    stop: stopsOf(body),
    tokensMax: Math.min(body.max_completion_tokens ?? body.max_tokens ?? TOKENS_DEFAULT, limits.tokensMax),
    temperature: body.temperature ?? 1,
    timeoutMs: limits.timeoutMs,
    signal,
  };
}

export function refuseTooLong(texts: readonly string[], { promptCharsMax }: ModelLimits): void {
  const chars = texts.reduce((sum, text) => sum + text.length, 0);
  if (chars > promptCharsMax)
    throw new AppError(
      'invalid_request',
      `The texts have ${chars} characters together, and ${promptCharsMax} are allowed. Send less, or raise MODEL_PROMPT_CHARS_MAX.`,
    );
}

export function stopsOf({ stop }: ChatBody): readonly string[] {
  return typeof stop === 'string' ? [stop] : (stop ?? []);
}

export function finishReason(
  { answerTokens }: Generated,
  { tokensMax }: GenerateRequest,
  isStopped: boolean,
): 'stop' | 'length' {
  return !isStopped && answerTokens >= tokensMax ? 'length' : 'stop';
}

export function usageOf({ promptTokens, answerTokens }: Generated) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: answerTokens,
    total_tokens: promptTokens + answerTokens,
  };
}

function schemaOf(format: ChatBody['response_format']): GenerateRequest['schema'] {
  if (format?.type === 'json_schema') return format.json_schema.schema;
  return format?.type === 'json_object' ? ANY_OBJECT : undefined;
}
