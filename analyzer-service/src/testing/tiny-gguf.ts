import { writeFile } from 'node:fs/promises';

const WIDTH = 64;
const HIDDEN = 128;
const ALIGNMENT = 32;
const U32 = 4;
const I32 = 5;
const F32 = 6;
const TEXT = 8;
const ARRAY = 9;

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

/** A llama of one layer with random weights: what it writes means nothing, but it loads and writes as a real one. */
export async function writeTinyGguf(file: string): Promise<void> {
  const settings = [
    entry('general.architecture', TEXT, text('llama')),
    ...Object.entries({
      'llama.context_length': 4_096,
      'llama.embedding_length': WIDTH,
      'llama.block_count': 1,
      'llama.feed_forward_length': HIDDEN,
      'llama.attention.head_count': 4,
      'llama.attention.head_count_kv': 4,
      'llama.rope.dimension_count': WIDTH / 4,
      'tokenizer.ggml.unknown_token_id': 0,
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
    }).map(([key, value]) => entry(key, U32, u32(value))),
    entry('llama.attention.layer_norm_rms_epsilon', F32, f32(1e-5)),
    entry('tokenizer.ggml.model', TEXT, text('llama')),
    entry('tokenizer.ggml.tokens', ARRAY, list(TEXT, TOKENS.map(text))),
    entry(
      'tokenizer.ggml.scores',
      ARRAY,
      list(
        F32,
        TOKENS.map((_, index) => f32(-index)),
      ),
    ),
    entry(
      'tokenizer.ggml.token_type',
      ARRAY,
      list(
        I32,
        TOKENS.map((_, index) => u32(tokenType(index))),
      ),
    ),
    entry('tokenizer.chat_template', TEXT, text(TEMPLATE)),
  ];
  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  let seed = 1;
  for (const [name, shape] of tensors()) {
    const numbers = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return name.includes('norm') ? 1 : (seed / 2 ** 32 - 0.5) / 4;
    });
    infos.push(text(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset));
    data.push(Buffer.from(numbers.buffer));
    offset += numbers.byteLength;
  }
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors().length),
    u64(settings.length),
    ...settings,
    ...infos,
  ]);
  const gap = Buffer.alloc((ALIGNMENT - (head.length % ALIGNMENT)) % ALIGNMENT);
  await writeFile(file, Buffer.concat([head, gap, ...data]));
}

function tensors(): readonly (readonly [string, readonly number[]])[] {
  return [
    ['token_embd.weight', [WIDTH, TOKENS.length]],
    ['output_norm.weight', [WIDTH]],
    ['output.weight', [WIDTH, TOKENS.length]],
    ['blk.0.attn_norm.weight', [WIDTH]],
    ['blk.0.attn_q.weight', [WIDTH, WIDTH]],
    ['blk.0.attn_k.weight', [WIDTH, WIDTH]],
    ['blk.0.attn_v.weight', [WIDTH, WIDTH]],
    ['blk.0.attn_output.weight', [WIDTH, WIDTH]],
    ['blk.0.ffn_norm.weight', [WIDTH]],
    ['blk.0.ffn_gate.weight', [WIDTH, HIDDEN]],
    ['blk.0.ffn_up.weight', [WIDTH, HIDDEN]],
    ['blk.0.ffn_down.weight', [HIDDEN, WIDTH]],
  ];
}

function tokenType(index: number): number {
  if (index === 0) return 2;
  if (index < 3) return 3;
  return index < 259 ? 6 : 1;
}

function entry(key: string, type: number, value: Buffer): Buffer {
  return Buffer.concat([text(key), u32(type), value]);
}

function list(type: number, values: readonly Buffer[]): Buffer {
  return Buffer.concat([u32(type), u64(values.length), ...values]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}
