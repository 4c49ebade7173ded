import { randomUUID } from 'node:crypto';
import { AppError } from '../../errors.ts';
import type { Clock, ModelService } from '../../ports.ts';
import type { ChatStore, Lease, SessionHead, SessionRow } from './chat-store.ts';
import type { ChatSession, ChatSessionHead, ChatWishes } from './schema.ts';
import type { OpenMessage } from './answer-message.ts';
import { writeHead, writeSession } from './write-session.ts';

export interface ChatOptions {
  readonly store: ChatStore;
  readonly models: ModelService;
  readonly clock: Clock;
  readonly limits: {
    readonly messageCharsMax: number;
    readonly turnsMax: number;
    /** Of one caller. */
    readonly sessionsMax: number;
    readonly promptTokensMax: number;
    readonly answerTokensMax: number;
    readonly timeoutMs: number;
  };
  /** False only where the operator said so: for models of this machine, and for those elsewhere. */
  readonly redactLocal: boolean;
  readonly redactRemote: boolean;
  /** Names that no model may see. */
  readonly redactedNames: () => Promise<readonly string[]>;
}

interface Caller {
  readonly id: string;
  readonly role: string;
}

/** Longer than a model may take: an answer that was written is kept before somebody else has the session. */
const GRACE_MS = 15_000;
const TITLE_CHARACTERS_MAX = 80;

/**
 * Keeps the message, so that nothing is lost whatever the model does, and takes the session for its answer. Throws
 * `model_unavailable` without a model, `not_found`, `invalid_request`, and `conflict` while an answer is being written.
 */
export async function openMessage(
  options: ChatOptions,
  body: ChatWishes,
  caller: Caller,
): Promise<OpenMessage> {
  checkModel(options.models, body.model);
  const { messageCharsMax } = options.limits;
  const { message } = body;
  if (message !== undefined && message.length > messageCharsMax)
    throw new AppError(
      'invalid_request',
      `The message has ${message.length} characters, and ${messageCharsMax} are allowed. Send less, or raise CHAT_MESSAGE_CHARS_MAX.`,
    );
  const nowMs = options.clock();
  const untilMs = nowMs + options.limits.timeoutMs + GRACE_MS;
  const lease: Lease = { by: randomUUID(), nowMs, untilMs };
  return body.session_id === undefined
    ? beginSession(options, body, caller, lease)
    : continueSession(options, body, body.session_id, caller, lease);
}

/** Of the caller, or of everybody for an admin, latest first. */
export async function listSessions(
  { store, clock }: ChatOptions,
  caller: Caller,
  limit: number,
  before: string | undefined,
): Promise<readonly ChatSessionHead[]> {
  const last = before === undefined ? undefined : await visibleSession(store, before, caller);
  const rows = await store.list(caller.role === 'admin' ? null : caller.id, limit, last);
  return rows.map((row) => writeHead(store, row, clock()));
}

export async function readSession(
  { store, clock }: ChatOptions,
  id: string,
  caller: Caller,
): Promise<ChatSession> {
  const row = await visibleSession(store, id, caller);
  return writeSession(store, row, await store.turns(id), clock());
}

export async function removeSession({ store }: ChatOptions, id: string, caller: Caller): Promise<void> {
  await visibleSession(store, id, caller);
  await store.remove([id]);
}

async function beginSession(
  { store, limits }: ChatOptions,
  body: ChatWishes,
  caller: Caller,
  lease: Lease,
): Promise<OpenMessage> {
  const message = body.message ?? '';
  const head = { title: titleOf(message), instruction: body.instruction ?? '' };
  const id = randomUUID();
  await store.begin(
    { id, actor: caller.id },
    head,
    lease,
    userTurn(1, message, lease.nowMs),
    limits.sessionsMax,
  );
  return { id, lease, number: 1, turns: 1, message, instruction: head.instruction, history: [] };
}

async function continueSession(
  options: ChatOptions,
  body: ChatWishes,
  id: string,
  caller: Caller,
  lease: Lease,
): Promise<OpenMessage> {
  const { store } = options;
  const row = await visibleSession(store, id, caller);
  if (row.actor !== caller.id)
    throw new AppError(
      'forbidden',
      `The session ${id} belongs to ${row.actor}. Begin one of your own, without session_id.`,
    );
  if (!(await store.claim(id, lease)))
    throw new AppError(
      'conflict',
      `An answer is being written in the session ${id}. Wait for it, then send the message again.`,
      { retryAfterS: 1 },
    );
  try {
    return await addMessage(options, body, id, lease);
  } catch (error) {
    await store.write(id, lease.by, { nowMs: lease.nowMs, free: true });
    throw error;
  }
}

async function addMessage(
  { store, limits }: ChatOptions,
  body: ChatWishes,
  id: string,
  lease: Lease,
): Promise<OpenMessage> {
  const row = await visibleSession(store, id, null);
  const turns = await store.turns(id);
  const history = turns.filter(({ state }) => state === 'done');
  const before = store.headOf(row);
  const head: SessionHead = { ...before, instruction: body.instruction ?? before.instruction };
  const last = turns.at(-1);
  if (body.retry) {
    if (last?.role !== 'user')
      throw new AppError('conflict', `Every message of the session ${id} has its answer. Send a new one.`);
    const change = { number: last.number, state: 'waiting', error: null } as const;
    await store.write(id, lease.by, { nowMs: lease.nowMs, change, head });
    const { number, text: message } = last;
    return { id, lease, number, turns: row.turns, message, instruction: head.instruction, history };
  }
  if (row.turns + 2 > limits.turnsMax)
    throw new AppError(
      'conflict',
      `The session ${id} has ${row.turns} turns, and CHAT_TURNS_MAX allows ${limits.turnsMax}. Begin a new one.`,
    );
  const number = row.turns + 1;
  const message = body.message ?? '';
  // Whose answer never came, because its process ended.
  const lost = last?.state === 'waiting' ? last.number : null;
  await store.write(id, lease.by, {
    nowMs: lease.nowMs,
    head,
    add: userTurn(number, message, lease.nowMs),
    ...(lost !== null && { change: { number: lost, state: 'failed', error: LOST } }),
  });
  return { id, lease, number, turns: number, message, instruction: head.instruction, history };
}

const LOST = 'The service ended before there was an answer. Send it again.';

function checkModel(models: ModelService, name: string | undefined): void {
  if (name === undefined && !models.has('chat'))
    throw new AppError(
      'model_unavailable',
      'No model is configured for chat. Name one in the file of MODELS_CONFIG, in the chain "chat"; docs/models.md shows how.',
    );
  if (name !== undefined && !models.list().some((model) => model.name === name))
    throw new AppError('not_found', `There is no model ${name}. GET /api/v1/models lists them.`);
}

/** Those of others are not there, but for an admin. */
async function visibleSession(store: ChatStore, id: string, caller: Caller | null): Promise<SessionRow> {
  const row = await store.find(id);
  if (row && (!caller || caller.role === 'admin' || row.actor === caller.id)) return row;
  throw new AppError('not_found', `There is no session ${id}. GET /api/v1/chat lists those of your key.`);
}

function userTurn(number: number, text: string, created_ms: number) {
  const none = { error: null, model: null, prompt_tokens: null, answer_tokens: null, took_ms: null };
  return { number, role: 'user', state: 'waiting', created_ms, text, ...none } as const;
}

function titleOf(message: string): string {
  const line = message.trim().split('\n', 1)[0] ?? '';
  return line.length > TITLE_CHARACTERS_MAX ? `${line.slice(0, TITLE_CHARACTERS_MAX - 1)}…` : line;
}
