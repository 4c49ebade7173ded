import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Caller } from './access.ts';
import { actingFor } from './current-caller.ts';
import { readMessage, toldAs } from './socket-life.ts';
import type { SessionAnswer, SessionMessage, SocketMessage } from './socket-messages.ts';
import type { RecordChange } from './audit-changes.ts';

/** One request of a client, and what its answer needs. */
export interface Asking {
  readonly caller: Caller;
  readonly requestId: string;
  /** Aborts when the client cancels or goes. */
  readonly signal: AbortSignal;
  readonly send: (answer: SocketMessage) => void;
  /** Writes down that the caller changed `target`. */
  readonly record: (target: string) => Promise<void>;
}

/** What a feature does on a WebSocket. */
export interface Conversation<Message extends SocketMessage> {
  readonly messages: z.ZodType<Message | SessionMessage>;
  /** Throws an `AppError`, which the client is told. */
  readonly answer: (message: Message, asking: Asking) => Promise<void>;
}

export interface SessionOptions {
  /** Whose key it is; counts the call. Throws `unauthorized` and `too_many_requests`. */
  readonly signIn: (key: string) => Promise<Caller>;
  /** Throws `too_many_requests`. */
  readonly countCall: (caller: Caller) => Promise<void>;
  readonly record: RecordChange;
}

const EXAMPLE = '{"type":"ping"}';
/** Of one client at once. */
const REQUESTS_MAX = 4;

/** One client's conversation, whatever carries it. */
export class SocketSession<Message extends SocketMessage> {
  readonly #options: SessionOptions;
  readonly #conversation: Conversation<Message>;
  readonly #send: (answer: SocketMessage) => void;
  readonly #underWay = new Map<string, AbortController>();
  #caller: Caller | null;
  #isOpen = true;

  constructor(
    options: SessionOptions,
    conversation: Conversation<Message>,
    caller: Caller | null,
    send: (answer: SocketMessage) => void,
  ) {
    this.#options = options;
    this.#conversation = conversation;
    this.#caller = caller;
    this.#send = send;
    if (caller) this.#welcome(caller);
  }

  get isKnown(): boolean {
    return this.#caller !== null;
  }

  /** Stops what the client waits for. */
  close(): void {
    this.#isOpen = false;
    for (const request of this.#underWay.values()) request.abort();
  }

  /** Answers one message; never throws. */
  async take(text: string): Promise<void> {
    let requestId: string | undefined;
    try {
      const message = readMessage(text, this.#conversation.messages, EXAMPLE);
      if (isSessionMessage(message)) return await this.#attend(message);
      requestId = message.request_id ?? randomUUID();
      await this.#ask(message, requestId, this.#assertKnown());
    } catch (error) {
      if (this.#isOpen) this.#say({ type: 'error', ...toldAs(error), request_id: requestId });
    }
  }

  async #attend(message: SessionMessage): Promise<void> {
    if (message.type === 'ping') return this.#say({ type: 'pong' });
    if (message.type === 'authentication') return this.#welcome(await this.#options.signIn(message.api_key));
    const request = this.#underWay.get(message.request_id);
    if (!request)
      throw new AppError(
        'not_found',
        `No request ${message.request_id} is under way here. Only one that is not answered yet can be cancelled.`,
      );
    return request.abort();
  }

  async #ask(message: Message, requestId: string, caller: Caller): Promise<void> {
    this.#assertRoom(requestId);
    const request = new AbortController();
    this.#underWay.set(requestId, request);
    const { countCall, record } = this.#options;
    try {
      await countCall(caller);
      const asking: Asking = {
        caller,
        requestId,
        signal: request.signal,
        send: this.#send,
        record: (target) => record({ actor: caller.id, action: message.type, target }),
      };
      await actingFor(caller.id, () => this.#conversation.answer(message, asking));
    } finally {
      this.#underWay.delete(requestId);
    }
  }

  #assertRoom(requestId: string): void {
    if (this.#underWay.has(requestId))
      throw new AppError(
        'invalid_request',
        `The request ${requestId} is under way. Give each request an id of its own.`,
      );
    if (this.#underWay.size >= REQUESTS_MAX)
      throw new AppError(
        'too_many_requests',
        `${REQUESTS_MAX} requests of this connection are under way. Wait for one of them.`,
      );
  }

  #welcome(caller: Caller): void {
    this.#caller = caller;
    this.#say({ type: 'authenticated', actor: caller.id, role: caller.role });
  }

  #say(answer: SessionAnswer): void {
    this.#send(answer);
  }

  #assertKnown(): Caller {
    if (this.#caller) return this.#caller;
    throw new AppError('unauthorized', 'Say who you are first: {"type":"authentication","api_key":"..."}.');
  }
}

function isSessionMessage(message: SocketMessage): message is SessionMessage {
  return ['authentication', 'ping', 'cancel'].includes(message.type);
}
