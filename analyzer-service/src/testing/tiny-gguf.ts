import { type GgufTensor, writeGguf } from './gguf-file.ts';

/** Three control tokens, every byte, and the printable characters: any text can be read and written. */
const TOKENS = [
  '<unk>',
  '<s>',
  '</s>',
  ...Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  '▁',
  ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)),
];

const TEMPLATE =
  "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}\n{% endfor %}<assistant>";

export interface LlamaSize {
  readonly width: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly tokens: number;
  readonly type: GgufTensor['type'];
}

const TINY: LlamaSize = { width: 64, hidden: 128, layers: 1, heads: 4, tokens: TOKENS.length, type: 'f32' };

/** A llama with random weights: what it writes means nothing, but it loads and writes as a real one. */
export async function writeTinyGguf(file: string, size: LlamaSize = TINY, seed = 1): Promise<void> {
  const tokens = [
    ...TOKENS,
    ...Array.from({ length: size.tokens - TOKENS.length }, (_, index) => `▁word${index}`),
  ];
  await writeGguf(
    file,
    {
      'general.architecture': ['text', 'llama'],
      'llama.context_length': ['u32', 8_192],
      'llama.embedding_length': ['u32', size.width],
      'llama.block_count': ['u32', size.layers],
      'llama.feed_forward_length': ['u32', size.hidden],
      'llama.attention.head_count': ['u32', size.heads],
      'llama.attention.head_count_kv': ['u32', size.heads],
      'llama.rope.dimension_count': ['u32', size.width / size.heads],
      'llama.attention.layer_norm_rms_epsilon': ['f32', 1e-5],
      'tokenizer.ggml.model': ['text', 'llama'],
      'tokenizer.ggml.unknown_token_id': ['u32', 0],
      'tokenizer.ggml.bos_token_id': ['u32', 1],
      'tokenizer.ggml.eos_token_id': ['u32', 2],
      'tokenizer.ggml.tokens': ['list', 'text', tokens],
      'tokenizer.ggml.scores': ['list', 'f32', tokens.map((_, index) => -index)],
      'tokenizer.ggml.token_type': ['list', 'i32', tokens.map((_, index) => tokenType(index))],
      'tokenizer.chat_template': ['text', TEMPLATE],
    },
    tensorsOf({ ...size, tokens: tokens.length }),
    seed,
  );
}

/** An adapter for the tiny llama: `strength` says how far it changes what is written. */
export async function writeTinyLora(file: string, strength = 4): Promise<void> {
  const rank = 4;
  await writeGguf(
    file,
    {
      'general.architecture': ['text', 'llama'],
      'general.type': ['text', 'adapter'],
      'adapter.type': ['text', 'lora'],
      'adapter.lora.alpha': ['f32', strength * rank],
    },
    ['attn_v', 'attn_output'].flatMap((part): readonly GgufTensor[] => [
      { name: `blk.0.${part}.weight.lora_a`, shape: [TINY.width, rank], type: 'f32' },
      { name: `blk.0.${part}.weight.lora_b`, shape: [rank, TINY.width], type: 'f32' },
    ]),
    7,
  );
}

function tensorsOf({ width, hidden, layers, tokens, type }: LlamaSize): readonly GgufTensor[] {
  const norm = (name: string): GgufTensor => ({ name, shape: [width], type: 'f32', value: 1 });
  const matrix = (name: string, from: number, to: number): GgufTensor => ({ name, shape: [from, to], type });
  return [
    matrix('token_embd.weight', width, tokens),
    norm('output_norm.weight'),
    matrix('output.weight', width, tokens),
    ...Array.from({ length: layers }, (_, layer) => `blk.${layer}`).flatMap((block) => [
      norm(`${block}.attn_norm.weight`),
      ...['q', 'k', 'v', 'output'].map((part) => matrix(`${block}.attn_${part}.weight`, width, width)),
      norm(`${block}.ffn_norm.weight`),
      matrix(`${block}.ffn_gate.weight`, width, hidden),
      matrix(`${block}.ffn_up.weight`, width, hidden),
      matrix(`${block}.ffn_down.weight`, hidden, width),
    ]),
  ];
}

function tokenType(index: number): number {
  if (index === 0) return 2;
  if (index < 3) return 3;
  return index < 259 ? 6 : 1;
}
