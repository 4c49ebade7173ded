import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { attribute, floats, model, node, tensorType, wholes } from './onnx-file.ts';

const HEAD = 4;
const WIDTH = 16;

/** Three control tokens, and one for each byte, written as the byte-level tokenizers do. */
const TOKENS = ['<unk>', '<s>', '</s>', ...Array.from({ length: 256 }, (_, byte) => byteCharacter(byte))];

const TEMPLATE =
  "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}\n{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

/**
 * A folder with a model that writes (each token from the one before and, through a cache of keys and values, from all
 * before it), random and without sense.
 */
export async function writeTinyOnnxWriter(folder: string): Promise<void> {
  const size = TOKENS.length;
  const past = tensorType(['batch', 1, 'past', HEAD]);
  const graph = model({
    nodes: [
      node('Gather', ['keys', 'input_ids'], ['flat']),
      node('Unsqueeze', ['flat', 'one'], ['new']),
      node('Concat', ['past_key_values.0.key', 'new'], ['present.0.key'], attribute('axis', 2)),
      node('Concat', ['past_key_values.0.value', 'new'], ['present.0.value'], attribute('axis', 2)),
      node('ReduceMean', ['present.0.value'], ['mean'], attribute('axes', [2]), attribute('keepdims', 1)),
      node('Squeeze', ['mean', 'one'], ['flat_mean']),
      node('MatMul', ['flat_mean', 'from_mean'], ['bias']),
      node('Gather', ['next', 'input_ids'], ['base']),
      node('Add', ['base', 'bias'], ['logits']),
    ],
    constants: [
      floats('keys', [size, HEAD], random(1)),
      floats('from_mean', [HEAD, size], random(2)),
      floats('next', [size, size], (index) => (index % size < 3 ? -9 : random(3)(index))),
      wholes('one', [1]),
    ],
    inputs: {
      input_ids: tensorType(['batch', 'length'], 'whole'),
      attention_mask: tensorType(['batch', 'total'], 'whole'),
      'past_key_values.0.key': past,
      'past_key_values.0.value': past,
    },
    outputs: {
      logits: tensorType(['batch', 'length', size]),
      'present.0.key': tensorType(['batch', 1, 'total', HEAD]),
      'present.0.value': tensorType(['batch', 1, 'total', HEAD]),
    },
  });
  await writeFolder(folder, graph, {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    num_hidden_layers: 1,
    num_attention_heads: 1,
    num_key_value_heads: 1,
    head_dim: HEAD,
    hidden_size: HEAD,
    vocab_size: size,
    bos_token_id: 1,
    eos_token_id: 2,
    max_position_embeddings: 4_096,
  });
}

/** A folder with a model that gives a vector of 16 numbers for a text. */
export async function writeTinyOnnxEmbedder(folder: string): Promise<void> {
  const whole = tensorType(['batch', 'length'], 'whole');
  const graph = model({
    nodes: [node('Gather', ['table', 'input_ids'], ['last_hidden_state'])],
    constants: [floats('table', [TOKENS.length, WIDTH], random(4))],
    inputs: { input_ids: whole, attention_mask: whole },
    outputs: { last_hidden_state: tensorType(['batch', 'length', WIDTH]) },
  });
  await writeFolder(folder, graph, {
    model_type: 'bert',
    architectures: ['BertModel'],
    hidden_size: WIDTH,
    vocab_size: TOKENS.length,
  });
}

async function writeFolder(folder: string, graph: Buffer, config: object): Promise<void> {
  await mkdir(path.join(folder, 'onnx'), { recursive: true });
  await writeFile(path.join(folder, 'onnx/model.onnx'), graph);
  const json = (name: string, value: object) => writeFile(path.join(folder, name), JSON.stringify(value));
  await json('config.json', config);
  await json('tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: '<s>',
    eos_token: '</s>',
    unk_token: '<unk>',
    chat_template: TEMPLATE,
    model_max_length: 4_096,
  });
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  await json('tokenizer.json', {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: TOKENS.slice(0, 3).map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: { type: 'BPE', vocab: Object.fromEntries(TOKENS.map((token, id) => [token, id])), merges: [] },
  });
}

/** The same numbers at each run, between -1 and 1. */
function random(seed: number) {
  return (index: number): number => {
    const mixed = Math.imul((index + 1) ^ (seed << 20), 0x9e37_79b1);
    return (Math.imul(mixed ^ (mixed >>> 15), 0x85eb_ca6b) >>> 8) / 2 ** 23 - 1;
  };
}

/** Bytes that can be seen stand for themselves, the others are moved beyond them. */
function byteCharacter(byte: number): string {
  const isSeen = (code: number) =>
    (code >= 33 && code <= 126) || (code >= 161 && code <= 172) || (code >= 174 && code <= 255);
  if (isSeen(byte)) return String.fromCharCode(byte);
  const unseenBefore = Array.from({ length: byte }, (_, code) => code).filter((code) => !isSeen(code)).length;
  return String.fromCharCode(256 + unseenBefore);
}
