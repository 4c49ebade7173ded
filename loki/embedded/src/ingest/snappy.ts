import { badRequest } from '../errors.ts';

/** Decompresses a snappy block (format_description.txt of google/snappy), as Promtail and Alloy send it. */
export function decompressSnappy(input: Buffer, bytesMax: number): Buffer {
  const { value: length, next } = readVarint(input, 0);
  if (length > bytesMax)
    throw badRequest(`the snappy body is larger than ${bytesMax} bytes: send smaller batches`);
  const output = Buffer.allocUnsafe(length);
  let from = next;
  let to = 0;
  while (from < input.length) {
    const tag = input[from] as number;
    const element = (tag & 3) === 0 ? readLiteral(input, from) : readCopy(input, from, to);
    if (to + element.length > length) throw corrupt();
    if (element.isLiteral) {
      if (element.at + element.length > input.length) throw corrupt();
      input.copy(output, to, element.at, element.at + element.length);
    } else copyWithin(output, element.at, to, element.length);
    from = element.next;
    to += element.length;
  }
  if (to !== length) throw corrupt();
  return output;
}

const corrupt = (): Error => badRequest('snappy: corrupt input');

type Element = {
  readonly isLiteral: boolean;
  readonly at: number;
  readonly length: number;
  readonly next: number;
};

function readVarint(input: Buffer, from: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = input[from + index];
    if (byte === undefined) throw corrupt();
    value += (byte & 127) * 2 ** (7 * index);
    if (byte < 128) return { value, next: from + index + 1 };
  }
  throw corrupt();
}

function readLiteral(input: Buffer, from: number): Element {
  const short = (input[from] as number) >> 2;
  const extraBytes = short < 60 ? 0 : short - 59;
  if (from + 1 + extraBytes > input.length) throw corrupt();
  const length = 1 + (extraBytes === 0 ? short : input.readUIntLE(from + 1, extraBytes));
  const at = from + 1 + extraBytes;
  return { isLiteral: true, at, length, next: at + length };
}

function readCopy(input: Buffer, from: number, written: number): Element {
  const tag = input[from] as number;
  const kind = tag & 3;
  const extraBytes = kind === 1 ? 1 : kind === 2 ? 2 : 4;
  if (from + 1 + extraBytes > input.length) throw corrupt();
  const extra = input.readUIntLE(from + 1, extraBytes);
  const offset = kind === 1 ? ((tag >> 5) << 8) + extra : extra;
  const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
  if (offset === 0 || offset > written) throw corrupt();
  return { isLiteral: false, at: written - offset, length, next: from + 1 + extraBytes };
}

/** Source and target may overlap: then what was just written repeats. */
function copyWithin(output: Buffer, at: number, to: number, length: number): void {
  if (at + length <= to) output.copyWithin(to, at, at + length);
  else for (let index = 0; index < length; index += 1) output[to + index] = output[at + index] as number;
}
