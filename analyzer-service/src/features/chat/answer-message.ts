import { Redactor } from '../../engine/redaction/redactor.ts';
import { restorePieces } from '../../engine/redaction/restore-pieces.ts';
import { AppError } from '../../errors.ts';
import type { Generated } from '../../ports.ts';
import type { Lease } from './chat-store.ts';
import type { ChatOptions } from './chat.ts';
import { fitTurns, type FittingPrompt, type Turn } from './fit-turns.ts';
import type { ChatAnswer, ChatWishes } from './schema.ts';

/** A message that is kept, in a session that waits for its answer. */
export interface OpenMessage {
  /** Of the session. */
  readonly id: string;
  readonly lease: Lease;
  readonly number: number;
  /** Of the session, with this message. */
  readonly turns: number;
  readonly message: string;
  readonly instruction: string;
  /** Earlier questions, each with its answer. */
  readonly history: readonly Turn[];
}

interface Asked {
  readonly prompt: FittingPrompt;
  readonly generated: Generated;
  readonly redactor: Redactor | null;
}

type Wishes = Pick<ChatWishes, 'model' | 'temperature' | 'max_tokens'>;

/**
 * The model's answer, kept in the session. When there is none, the message is kept as failed and the error says how to
 * send it again. Throws what the model throws.
 */
export async function answerMessage(
  options: ChatOptions,
  open: OpenMessage,
  wishes: Wishes,
  signal: AbortSignal,
  onText?: (piece: string) => void,
): Promise<ChatAnswer> {
  let asked: Asked;
  try {
    asked = await askModel(options, open, wishes, signal, onText);
  } catch (error) {
    throw await keepFailure(options, open, error);
  }
  const { generated, redactor, prompt } = asked;
  const message = redactor?.restore(generated.text) ?? generated.text;
  const kept = await keepAnswer(options, open, generated, message);
  const { promptTokens, answerTokens } = generated;
  return {
    session_id: open.id,
    turn: open.turns + 1,
    message,
    model: generated.model,
    local: generated.local,
    tokens_used: { prompt: promptTokens, answer: answerTokens, total: promptTokens + answerTokens },
    processing_time: generated.tookMs,
    timestamp: new Date(options.clock()).toISOString(),
    turns_left_out: prompt.turnsLeftOut,
    redacted: redactor && { ...redactor.counts },
    kept,
    warnings: [...generated.failures, ...(kept ? [] : [NOT_KEPT])],
  };
}

const NOT_KEPT =
  'This answer is not kept: the session was removed meanwhile, or the database is away. Keep it yourself.';

async function askModel(
  options: ChatOptions,
  open: OpenMessage,
  { model, temperature, max_tokens }: Wishes,
  signal: AbortSignal,
  onText: ((piece: string) => void) | undefined,
): Promise<Asked> {
  const { models, limits } = options;
  const isLocal = models.isLocal?.('chat', model) ?? false;
  const redactor = (isLocal ? options.redactLocal : options.redactRemote)
    ? new Redactor(await options.redactedNames())
    : null;
  const context = models.contextTokens?.('chat', model) ?? Infinity;
  // The answer has at most half of what prompt and answer share.
  const tokensMax = Math.min(max_tokens, limits.answerTokensMax, Math.floor(context / 2));
  const promptTokensMax = Math.min(limits.promptTokensMax, context - tokensMax);
  const prompt = fitTurns({ ...open, turns: open.history }, promptTokensMax, redactor);
  const pieces = redactor && onText ? restorePieces(redactor, onText) : null;
  const generated = await models.generate({
    purpose: 'chat',
    model,
    messages: prompt.messages,
    tokensMax,
    temperature,
    timeoutMs: limits.timeoutMs,
    signal,
    onText: pieces ? (piece) => pieces.add(piece) : onText,
  });
  pieces?.end();
  return { prompt, generated, redactor };
}

/** An answer is worth giving also when it cannot be kept. */
async function keepAnswer(
  { store, clock }: ChatOptions,
  { id, lease, number, turns }: OpenMessage,
  generated: Generated,
  text: string,
): Promise<boolean> {
  const nowMs = clock();
  const add = {
    number: turns + 1,
    role: 'assistant',
    state: 'done',
    created_ms: nowMs,
    text,
    error: null,
    model: generated.model,
    prompt_tokens: generated.promptTokens,
    answer_tokens: generated.answerTokens,
    took_ms: generated.tookMs,
  } as const;
  const change = { number, state: 'done', error: null } as const;
  try {
    return await store.write(id, lease.by, { nowMs, add, change, free: true });
  } catch {
    return false;
  }
}

/** The error, and where the message is. */
async function keepFailure(
  { store, clock }: ChatOptions,
  { id, lease, number }: OpenMessage,
  error: unknown,
): Promise<unknown> {
  const reason = error instanceof AppError ? error.message : 'Something went wrong in the service.';
  const change = { number, state: 'failed', error: reason.slice(0, 1_000) } as const;
  try {
    await store.write(id, lease.by, { nowMs: clock(), change, free: true });
  } catch {
    // The database is away: the session is free again when its time is over, and the message shows as failed then.
  }
  if (!(error instanceof AppError)) return error;
  return new AppError(
    error.code,
    `${error.message} The message is kept in the session ${id}: {"session_id":"${id}","retry":true} sends it again.`,
    { cause: error, retryAfterS: error.retryAfterS ?? undefined },
  );
}
