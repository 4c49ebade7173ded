import type {
  ChatWrapper,
  Llama,
  LlamaContext,
  LlamaContextSequence,
  LlamaEmbeddingContext,
  LlamaGrammar,
  LlamaModel,
} from 'node-llama-cpp';
import type { z } from 'zod';
import type { ModelMessage } from '../../ports.ts';
import { closeJson } from './close-json.ts';
import type { ModelBackend, WriteRequest, Written } from './model-backend.ts';
import { formOf, refusedSchema } from './schema-form.ts';
import { narrowGrammar } from './narrow-grammar.ts';
import type { GgufEntry } from './model-entry.ts';

/** A grammar knows nothing of some words of JSON Schema, like pattern: such an answer may have to be written again. */
const ATTEMPTS_MAX = 3;
const AGAIN_TEMPERATURE = 0.7;
/** What the library's grammars end with. */
const END_OF_JSON = '\n\n\n\n';

/** A GGUF file in this process through llama.cpp, which works on threads of its own. */
export class GgufBackend implements ModelBackend {
  readonly local = true;
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #context: LlamaContext;
  readonly #sequence: LlamaContextSequence;
  readonly #entry: GgufEntry;
  readonly #wrapper: ChatWrapper;
  #embedding: LlamaEmbeddingContext | null = null;

  private constructor(
    llama: Llama,
    model: LlamaModel,
    context: LlamaContext,
    wrapper: ChatWrapper,
    entry: GgufEntry,
  ) {
    this.#llama = llama;
    this.#model = model;
    this.#context = context;
    this.#sequence = context.getSequence();
    this.#wrapper = wrapper;
    this.#entry = entry;
  }

  /** The library is loaded on first use. Never builds or downloads anything. */
  static async open(entry: GgufEntry, signal: AbortSignal): Promise<GgufBackend> {
    const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
    const llama = await getLlama({
      build: 'never',
      skipDownload: true,
      gpu: entry.gpu_layers > 0 ? 'auto' : false,
      maxThreads: entry.threads,
      logLevel: LlamaLogLevel.error,
    });
    try {
      const model = await llama.loadModel({
        modelPath: entry.path,
        gpuLayers: entry.gpu_layers,
        loadSignal: signal,
      });
      const context = await model.createContext({
        contextSize: entry.context_tokens,
        sequences: 1,
        threads: entry.threads,
        createSignal: signal,
        lora: { adapters: entry.lora.map(({ path, scale }) => ({ filePath: path, scale })) },
      });
      return new GgufBackend(llama, model, context, await wrapperOf(model), entry);
    } catch (error) {
      await llama.dispose();
      throw error;
    }
  }

  async write(request: WriteRequest): Promise<Written> {
    const before = this.#sequence.tokenMeter.getState();
    const text = request.schema
      ? await this.#writeBySchema(request, request.schema)
      : await this.#prompt(request, request.onText);
    const used = this.#sequence.tokenMeter.diff(before);
    return { text, promptTokens: used.usedInputTokens, answerTokens: used.usedOutputTokens };
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]> {
    this.#embedding ??= await this.#model.createEmbeddingContext({
      contextSize: this.#entry.context_tokens,
      threads: this.#entry.threads,
    });
    const vectors: (readonly number[])[] = [];
    for (const text of texts) {
      signal.throwIfAborted();
      vectors.push((await this.#embedding.getEmbeddingFor(text)).vector);
    }
    return vectors;
  }

  async close(): Promise<void> {
    await this.#embedding?.dispose();
    await this.#context.dispose();
    await this.#model.dispose();
    await this.#llama.dispose();
  }

  /** Told as a whole: what is written may have to be written again. */
  async #writeBySchema(request: WriteRequest, schema: Readonly<Record<string, unknown>>): Promise<string> {
    const form = formOf(schema);
    const grammar = await this.#grammarOf(schema);
    let { temperature } = request;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const text = await this.#prompt({ ...request, temperature }, () => request.onText(''), grammar);
      const json = isOfForm(form, text) ? text : closeJson(text, schema, form);
      if (json) {
        request.onText(json);
        return json;
      }
      // What is most likely would be the same once more.
      temperature = Math.max(temperature, AGAIN_TEMPERATURE);
    }
    throw new Error(`it wrote nothing of the asked form within ${request.tokensMax} tokens`);
  }

  async #grammarOf(schema: Readonly<Record<string, unknown>>): Promise<LlamaGrammar> {
    try {
      const { grammar } = await this.#llama.createGrammarForJsonSchema(schema as never);
      return await this.#llama.createGrammar({
        grammar: narrowGrammar(grammar),
        stopGenerationTriggers: [END_OF_JSON],
        trimWhitespaceSuffix: true,
      });
    } catch (error) {
      // The caller's fault, for which the model is not to be left alone.
      throw refusedSchema((error as Error).message, error);
    }
  }

  async #prompt(
    { messages, stop, tokensMax, temperature, signal }: WriteRequest,
    onText: (piece: string) => void,
    grammar?: LlamaGrammar,
  ): Promise<string> {
    const { LlamaChatSession } = await import('node-llama-cpp');
    const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
    const turns = messages.filter(({ role }) => role !== 'system');
    await this.#sequence.clearHistory();
    const session = new LlamaChatSession({
      contextSequence: this.#sequence,
      chatWrapper: this.#wrapper,
      ...(system.length > 0 && { systemPrompt: system.join('\n\n') }),
    });
    try {
      if (turns.length > 1)
        session.setChatHistory([...session.getChatHistory(), ...historyOf(turns.slice(0, -1))]);
      const options = {
        maxTokens: tokensMax,
        temperature,
        signal,
        onTextChunk: onText,
        ...(stop && stop.length > 0 && { customStopTriggers: [...stop] }),
      };
      return await session.prompt(turns.at(-1)?.content ?? '', grammar ? { ...options, grammar } : options);
    } finally {
      session.dispose({ disposeSequence: false });
    }
  }
}

/**
 * How a conversation is written for the model. The library's own search for it holds the event loop for 0.4 s: it is
 * made once, and only where a model may think aloud, which is to be told from its answer.
 */
async function wrapperOf(model: LlamaModel): Promise<ChatWrapper> {
  const { GeneralChatWrapper, JinjaTemplateChatWrapper, resolveChatWrapper } = await import('node-llama-cpp');
  const template = model.fileInfo.metadata.tokenizer?.chat_template;
  if (!template) return new GeneralChatWrapper();
  if (/think|reason|channel/i.test(template)) return resolveChatWrapper(model);
  try {
    return new JinjaTemplateChatWrapper({ template, tokenizer: model.tokenizer });
  } catch {
    return resolveChatWrapper(model);
  }
}

function historyOf(turns: readonly ModelMessage[]) {
  return turns.map(({ role, content }) =>
    role === 'assistant'
      ? { type: 'model' as const, response: [content] }
      : { type: 'user' as const, text: content },
  );
}

function isOfForm(form: z.ZodType, text: string): boolean {
  try {
    return form.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
