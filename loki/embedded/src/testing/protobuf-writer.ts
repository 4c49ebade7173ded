/** Writes the little protobuf and snappy that the tests send. */
function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? byte | 128 : byte);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const tag = (number: number, kind: number): Buffer => varint(BigInt((number << 3) | kind));

export const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

export const varintField = (number: number, value: number): Buffer =>
  Buffer.concat([tag(number, 0), varint(BigInt(value))]);

export const bytesField = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([tag(number, 2), varint(BigInt(bytes.length)), bytes]);

export const textField = (number: number, text: string): Buffer => bytesField(number, Buffer.from(text));

export function fixed64Field(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([tag(number, 1), bytes]);
}

const LITERAL_MAX = 60;

/** A snappy block of literals; a run of one byte is written as a copy that overlaps itself. */
export function snappy(bytes: Buffer): Buffer {
  const parts = [varint(BigInt(bytes.length))];
  for (let at = 0; at < bytes.length;) {
    const repeated = at === 0 ? 0 : runLength(bytes, at);
    if (repeated >= 4) {
      parts.push(Buffer.from([((repeated - 1) << 2) | 2, 1, 0]));
      at += repeated;
    } else {
      const literal = bytes.subarray(at, at + LITERAL_MAX);
      parts.push(Buffer.from([(literal.length - 1) << 2]), literal);
      at += literal.length;
    }
  }
  return Buffer.concat(parts);
}

/** How often the byte before a place comes again from there on, 64 times at most. */
function runLength(bytes: Buffer, at: number): number {
  let length = 0;
  while (length < 64 && bytes[at + length] === bytes[at - 1]) length += 1;
  return length;
}
