import { open } from 'node:fs/promises';

// Writes GGUF files (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).

const ALIGNMENT = 32;
const CODES = { u32: 4, i32: 5, f32: 6, text: 8, list: 9 } as const;
const TENSOR_CODES = { f32: 0, q8_0: 8 } as const;
/** Weights of a block of Q8_0: a scale of 16 bits, then 32 whole numbers of 8 bits. */
const BLOCK = 32;
/** 2^-10 as a float of 16 bits: weights lie between -1/8 and 1/8. */
const BLOCK_SCALE = 0x14_00;

type Value = readonly ['u32' | 'i32' | 'f32', number] | readonly ['text', string];
type List =
  readonly ['list', 'i32' | 'f32', readonly number[]] | readonly ['list', 'text', readonly string[]];

export interface GgufTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: keyof typeof TENSOR_CODES;
  /** Random between -1/8 and 1/8 if not given. */
  readonly value?: number;
}

export async function writeGguf(
  file: string,
  settings: Readonly<Record<string, Value | List>>,
  tensors: readonly GgufTensor[],
  seed = 1,
): Promise<void> {
  const infos: Buffer[] = [];
  let offset = 0;
  for (const { name, shape, type } of tensors) {
    const sizes = shape.map((size) => u64(size));
    infos.push(text(name), u32(shape.length), ...sizes, u32(TENSOR_CODES[type]), u64(offset));
    offset += padded(bytesOf({ shape, type }));
  }
  const entries = Object.entries(settings).flatMap(([key, value]) => [text(key), encode(value)]);
  const counts = [u64(tensors.length), u64(Object.keys(settings).length)];
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), ...counts, ...entries, ...infos]);
  const handle = await open(file, 'w');
  try {
    await handle.appendFile(Buffer.concat([head, Buffer.alloc(padded(head.length) - head.length)]));
    const next = randomNumbers(seed);
    for (const tensor of tensors) {
      const data = tensor.type === 'f32' ? floats(tensor, next) : blocks(tensor, next);
      await handle.appendFile(Buffer.concat([data, Buffer.alloc(padded(data.length) - data.length)]));
    }
  } finally {
    await handle.close();
  }
}

function floats({ shape, value }: GgufTensor, next: () => number): Buffer {
  const numbers = Float32Array.from({ length: product(shape) }, () => value ?? (next() / 2 ** 32 - 0.5) / 4);
  return Buffer.from(numbers.buffer);
}

function blocks({ shape, type }: GgufTensor, next: () => number): Buffer {
  const data = Buffer.alloc(bytesOf({ shape, type }));
  for (let at = 0; at < data.length; at += BLOCK + 2) {
    data.writeUInt16LE(BLOCK_SCALE, at);
    for (let word = 0; word < BLOCK; word += 4) data.writeUInt32LE(next(), at + 2 + word);
  }
  return data;
}

function bytesOf({ shape, type }: Pick<GgufTensor, 'shape' | 'type'>): number {
  return type === 'f32' ? product(shape) * 4 : (product(shape) / BLOCK) * (BLOCK + 2);
}

/** The same whole numbers of 32 bits for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

function encode(value: Value | List): Buffer {
  if (value[0] !== 'list') return Buffer.concat([u32(CODES[value[0]]), scalar(value)]);
  const [, type, values] = value;
  const items = values.map((one) => scalar([type, one] as Value));
  return Buffer.concat([u32(CODES.list), u32(CODES[type]), u64(items.length), ...items]);
}

function scalar(value: Value): Buffer {
  if (value[0] === 'text') return text(value[1]);
  const bytes = Buffer.alloc(4);
  if (value[0] === 'f32') bytes.writeFloatLE(value[1]);
  else bytes.writeInt32LE(value[1]);
  return bytes;
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function padded(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function u32(value: number): Buffer {
  return scalar(['u32', value]);
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
