import type { OpenAI } from 'openai';
import { AppError } from '../../errors.ts';
import type { ModelBackend, WriteRequest, Written } from './model-backend.ts';

/** Where a model of this protocol is. */
export interface OpenAiServer {
  readonly model: string;
  /** With the version: http://127.0.0.1:11434/v1 */
  readonly baseUrl: string;
  readonly local: boolean;
  /** OpenAI's reasoning models know only the newer name, most other servers only the older one. */
  readonly tokensField?: 'max_tokens' | 'max_completion_tokens';
}

/** Any API that speaks OpenAI's protocol. */
export class OpenAiBackend implements ModelBackend {
  readonly local: boolean;
  readonly #client: OpenAI;
  readonly #model: string;
  readonly #tokensField: 'max_tokens' | 'max_completion_tokens';
  /** Learned from its refusal: some models take no other temperature than their own. */
  #takesTemperature = true;

  private constructor(client: OpenAI, server: OpenAiServer) {
    this.#client = client;
    this.#model = server.model;
    this.local = server.local;
    this.#tokensField = server.tokensField ?? 'max_tokens';
  }

  /** The library is loaded on first use: it costs a process without remote models nothing. */
  static async open(server: OpenAiServer, key: string | undefined): Promise<OpenAiBackend> {
    const { OpenAI: Client } = await import('openai');
    // The library insists on a key, also where the server wants none. The manager's chain is what tries again. What
    // the library would read from the environment by itself is given here.
    const client = new Client({
      baseURL: server.baseUrl,
      apiKey: key ?? 'none',
      organization: null,
      project: null,
      maxRetries: 0,
      logLevel: 'off',
    });
    return new OpenAiBackend(client, server);
  }

  async write(request: WriteRequest): Promise<Written> {
    try {
      return await this.#write(request);
    } catch (error) {
      const { status, param } = error as { status?: number; param?: unknown };
      if (status !== 400 || param !== 'temperature' || !this.#takesTemperature) throw error;
      this.#takesTemperature = false;
      return this.#write(request);
    }
  }

  async #write({
    messages,
    schema,
    stop,
    tokensMax,
    temperature,
    signal,
    onText,
  }: WriteRequest): Promise<Written> {
    const stream = await this.#client.chat.completions
      .create(
        {
          model: this.#model,
          messages: messages.map(({ role, content }) => ({ role, content })),
          [this.#tokensField]: tokensMax,
          ...(this.#takesTemperature && { temperature }),
          ...(stop && stop.length > 0 && { stop: [...stop] }),
          stream: true,
          stream_options: { include_usage: true },
          ...(schema && {
            response_format: {
              type: 'json_schema' as const,
              json_schema: { name: 'answer', schema, strict: true },
            },
          }),
        },
        { signal },
      )
      .catch(heedRetryAfter);
    return readStream(stream, onText);
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]> {
    // Other servers than OpenAI's do not know the library's default, base64.
    const body = { model: this.#model, input: [...texts], encoding_format: 'float' as const };
    const answer: unknown = await this.#client.embeddings.create(body, { signal }).catch(heedRetryAfter);
    const data = (answer as Partial<OpenAI.CreateEmbeddingResponse> | null)?.data;
    if (!Array.isArray(data) || data.length !== texts.length)
      throw new Error('it answered without embeddings');
    return data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const ANSWER_CHARS_MAX = 1_000_000;

async function readStream(
  stream: AsyncIterable<OpenAI.ChatCompletionChunk>,
  onText: (piece: string) => void,
): Promise<Written> {
  let text = '';
  let refusal = '';
  let finished = false;
  let usage: { readonly prompt_tokens: number; readonly completion_tokens: number } | null | undefined;
  for await (const chunk of stream) {
    const choice = chunk.choices?.[0];
    const piece = choice?.delta?.content ?? '';
    refusal += choice?.delta?.refusal ?? '';
    finished ||= Boolean(choice?.finish_reason);
    usage = chunk.usage ?? usage;
    text += piece;
    if (text.length > ANSWER_CHARS_MAX) throw new Error(`it wrote more than ${ANSWER_CHARS_MAX} characters`);
    if (piece) onText(piece);
  }
  if (refusal) throw new Error(`it refused: ${refusal.slice(0, 200)}`);
  if (!finished) throw new Error('its answer was cut off, or is not of the protocol');
  return { text, promptTokens: usage?.prompt_tokens ?? 0, answerTokens: usage?.completion_tokens ?? 0 };
}

/** A server that is busy may say when it is worth another try. */
function heedRetryAfter(error: unknown): never {
  const { status, headers, message } = error as { status?: number; headers?: Headers; message?: string };
  const seconds = Number(headers?.get('retry-after'));
  if ((status === 429 || status === 503) && seconds > 0)
    throw new AppError('model_unavailable', message ?? 'it is busy', {
      cause: error,
      retryAfterS: Math.ceil(seconds),
    });
  throw error;
}
