import { randomUUID } from 'node:crypto';
import { AppError } from '../../../errors.ts';
import type { Caller } from '../../../http/access.ts';
import { actingFor } from '../../../http/current-caller.ts';
import { readMessage, toldAs } from '../../../http/socket-life.ts';
import type { Jobs } from '../../../ports.ts';
import type { Analyses } from '../analyses.ts';
import { readJson } from '../read-submission.ts';
import { clientMessageSchema, type ServerMessage } from './schema.ts';

export interface SessionOptions {
  readonly analyses: Analyses;
  readonly jobs: Jobs;
  /** Whose key it is; counts the call. Throws `unauthorized` and `too_many_requests`. */
  readonly signIn: (key: string) => Promise<Caller>;
  /** Writes down who had what analysed. */
  readonly record: (change: {
    readonly actor: string;
    readonly action: string;
    readonly target: string;
  }) => Promise<void>;
  readonly models: () => Promise<Omit<Extract<ServerMessage, { type: 'models' }>, 'type'>>;
  readonly status: () => Promise<Omit<Extract<ServerMessage, { type: 'server_status' }>, 'type'>>;
}

type AnalyzeLog = {
  readonly type: 'analyze_log';
  readonly request_id?: string | undefined;
  readonly analysis_id?: string | undefined;
};

/** Of one client at once. */
const REQUESTS_MAX = 4;

/** One client's conversation, whatever carries it. */
export class SocketSession {
  readonly #options: SessionOptions;
  readonly #send: (message: ServerMessage) => void;
  readonly #gone = new AbortController();
  #caller: Caller | null;
  #requests = 0;

  constructor(options: SessionOptions, caller: Caller | null, send: (message: ServerMessage) => void) {
    this.#options = options;
    this.#caller = caller;
    this.#send = send;
    if (caller) this.#welcome(caller);
  }

  get isKnown(): boolean {
    return this.#caller !== null;
  }

  /** Stops what the client waits for; jobs go on. */
  close(): void {
    this.#gone.abort();
  }

  /** Answers one message; never throws. */
  async take(text: string): Promise<void> {
    let requestId: string | undefined;
    try {
      const message = readMessage(text, clientMessageSchema, '{"type":"ping"}');
      if (message.type === 'ping') return this.#send({ type: 'pong' });
      if (message.type === 'authentication')
        return this.#welcome(await this.#options.signIn(message.api_key));
      const caller = this.#assertKnown();
      if (message.type === 'get_models')
        return this.#send({ type: 'models', ...(await this.#options.models()) });
      if (message.type === 'server_status')
        return this.#send({ type: 'server_status', ...(await this.#options.status()) });
      requestId = message.request_id ?? randomUUID();
      const asked = { ...message, request_id: requestId };
      await actingFor(caller.id, () => this.#analyze(asked, caller));
    } catch (error) {
      if (!this.#gone.signal.aborted) this.#send({ type: 'error', ...toldAs(error), request_id: requestId });
    }
  }

  #welcome(caller: Caller): void {
    this.#caller = caller;
    this.#send({ type: 'authenticated', actor: caller.id, role: caller.role });
  }

  #assertKnown(): Caller {
    if (this.#caller) return this.#caller;
    throw new AppError('unauthorized', 'Say who you are first: {"type":"authentication","api_key":"..."}.');
  }

  async #analyze(
    { request_id, analysis_id, ...message }: AnalyzeLog & { readonly request_id: string },
    caller: Caller,
  ): Promise<void> {
    if (this.#requests >= REQUESTS_MAX)
      throw new AppError(
        'too_many_requests',
        `${REQUESTS_MAX} analyses of this connection are under way. Wait for one of them.`,
      );
    if (analysis_id === undefined && caller.role === 'viewer')
      throw new AppError(
        'forbidden',
        `This takes the role analyst; the key ${caller.id} has the role viewer. Use a key with more rights.`,
      );
    this.#requests++;
    try {
      if (analysis_id !== undefined) return await this.#follow(request_id, analysis_id);
      const { type: _type, ...body } = message;
      const submission = { ...readJson(body), actor: caller.id };
      this.#send({ type: 'request_received', request_id });
      if (submission.asked.background) {
        const { id } = await this.#options.analyses.inBackground(submission, this.#options.jobs);
        await this.#record(caller, id);
        return await this.#follow(request_id, id);
      }
      const analysis = await this.#options.analyses.now(submission, this.#gone.signal, (id, progress) =>
        this.#send({ type: 'analysis_status', request_id, analysis_id: id, state: 'running', progress }),
      );
      await this.#record(caller, analysis.id);
      this.#send({ type: 'analysis_result', request_id, analysis });
    } finally {
      this.#requests--;
    }
  }

  async #follow(request_id: string, analysis_id: string): Promise<void> {
    const { analyses } = this.#options;
    for await (const { state, progress } of analyses.follow(analysis_id, this.#gone.signal))
      this.#send({ type: 'analysis_status', request_id, analysis_id, state, progress });
    if (!this.#gone.signal.aborted)
      this.#send({ type: 'analysis_result', request_id, analysis: await analyses.one(analysis_id) });
  }

  #record({ id }: Caller, analysisId: string): Promise<void> {
    return this.#options.record({
      actor: id,
      action: 'analyze_log',
      target: `/api/v1/analyses/${analysisId}`,
    });
  }
}
