import path from 'node:path';
import type { FromProcess, ToProcess } from './messages.ts';
import { type Tensor, type Tokenizer, type WritingModel, loadTransformers } from './transformers.ts';

// The process of one ONNX model: its memory goes with it, and a fault of the native library takes nothing else along.

type Load = Extract<ToProcess, { kind: 'load' }>;
type Write = Extract<ToProcess, { kind: 'write' }>;

interface Loaded {
  write(request: Write): Promise<FromProcess>;
  embed(texts: readonly string[]): Promise<FromProcess>;
}

let loaded: Loaded | null = null;
let stop: () => void = () => undefined;

process.on('message', (message: ToProcess) => {
  if (message.kind === 'stop') stop();
  else void work(message).then(say);
});
// The analyzer has gone.
process.on('disconnect', () => process.exit(0));

async function work(message: Exclude<ToProcess, { kind: 'stop' }>): Promise<FromProcess> {
  try {
    if (message.kind === 'load') {
      loaded = message.task === 'embeddings' ? await loadEmbedder(message) : await loadWriter(message);
      return { kind: 'loaded' };
    }
    if (!loaded) throw new Error('no model is loaded');
    return await (message.kind === 'write' ? loaded.write(message) : loaded.embed(message.texts));
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function say(message: FromProcess): void {
  process.send?.(message);
}

function openLibrary({ folder, precision, threads }: Load) {
  const library = loadTransformers();
  library.env.allowRemoteModels = false;
  library.env.useFSCache = false;
  library.env.localModelPath = `${path.dirname(folder)}/`;
  const session_options = { intraOpNumThreads: threads, interOpNumThreads: 1 };
  return {
    library,
    name: path.basename(folder),
    options: { dtype: precision, device: 'cpu', session_options },
  };
}

async function loadEmbedder(load: Load): Promise<Loaded> {
  const { library, name, options } = openLibrary(load);
  const extract = await library.pipeline('feature-extraction', name, options);
  return {
    write: () => Promise.reject(new Error('it is a model for embeddings and writes nothing')),
    embed: async (texts) => {
      let isStopped = false;
      stop = () => (isStopped = true);
      const vectors: number[][] = [];
      for (const text of texts) {
        if (isStopped) throw new Error('stopped');
        const tensor = await extract(text, { pooling: 'mean', normalize: true });
        vectors.push((tensor.tolist() as number[][])[0] ?? []);
      }
      return { kind: 'embedded', vectors };
    },
  };
}

async function loadWriter(load: Load): Promise<Loaded> {
  const { library, name, options } = openLibrary(load);
  const tokenizer = await library.AutoTokenizer.from_pretrained(name);
  const model: WritingModel = await library.AutoModelForCausalLM.from_pretrained(name, options);
  return {
    embed: () =>
      Promise.reject(new Error('it writes text; embeddings take a model with "task": "embeddings"')),
    write: async ({ messages, tokensMax, temperature }) => {
      const inputs = inputsOf(tokenizer, messages);
      const promptTokens = lengthOf(inputs.input_ids);
      if (promptTokens >= load.contextTokens)
        throw new Error(`the prompt has ${promptTokens} tokens, and context_tokens is ${load.contextTokens}`);
      const stopping = new library.InterruptableStoppingCriteria();
      stop = () => stopping.interrupt();
      const streamer = new library.TextStreamer(tokenizer, {
        skip_prompt: true,
        skip_special_tokens: true,
        callback_function: (piece: string) => say({ kind: 'text', piece }),
      });
      const written = await model.generate({
        ...inputs,
        max_new_tokens: Math.min(tokensMax, load.contextTokens - promptTokens),
        do_sample: temperature > 0,
        ...(temperature > 0 && { temperature }),
        streamer,
        stopping_criteria: stopping,
      });
      const answer = written.slice(null, [promptTokens, lengthOf(written)]);
      const [text = ''] = tokenizer.batch_decode(answer, { skip_special_tokens: true });
      return { kind: 'written', text, promptTokens, answerTokens: lengthOf(answer) };
    },
  };
}

function inputsOf(tokenizer: Tokenizer, messages: Write['messages']) {
  if (tokenizer.chat_template)
    return tokenizer.apply_chat_template(messages, { add_generation_prompt: true, return_dict: true });
  // Models without a form for conversations go on with a text.
  return tokenizer(`${messages.map(({ role, content }) => `${role}: ${content}`).join('\n')}\nassistant:`);
}

function lengthOf(tokens: Tensor): number {
  return tokens.dims.at(-1) ?? 0;
}
