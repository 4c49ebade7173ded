import { badRequest } from '../errors.ts';
import { decodeUtf8 } from './utf8.ts';

/** One field of a protobuf message. */
export type ProtobufField =
  | { readonly number: number; readonly kind: 'varint' | 'fixed'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'bytes'; readonly bytes: Buffer };

const corrupt = (): Error => badRequest('the protobuf body is cut off or no protobuf');

/** The fields of a message, in their order; see the protobuf encoding guide. */
export function* protobufFields(message: Buffer): Generator<ProtobufField> {
  let at = 0;
  while (at < message.length) {
    const tag = readVarint(message, at);
    at = tag.next;
    const number = Number(tag.value >> 3n);
    switch (Number(tag.value & 7n)) {
      case 0: {
        const { value, next } = readVarint(message, at);
        yield { number, kind: 'varint', value };
        at = next;
        break;
      }
      case 1:
        if (at + 8 > message.length) throw corrupt();
        yield { number, kind: 'fixed', value: message.readBigUInt64LE(at) };
        at += 8;
        break;
      case 2: {
        const { value, next } = readVarint(message, at);
        const end = next + Number(value);
        if (end > message.length) throw corrupt();
        yield { number, kind: 'bytes', bytes: message.subarray(next, end) };
        at = end;
        break;
      }
      case 5:
        if (at + 4 > message.length) throw corrupt();
        yield { number, kind: 'fixed', value: BigInt(message.readUInt32LE(at)) };
        at += 4;
        break;
      default:
        throw corrupt();
    }
  }
}

/** The number of a field, or null when it holds bytes. */
export const numberOf = (field: ProtobufField): bigint | null =>
  field.kind === 'bytes' ? null : field.value;

export function bytesOf(field: ProtobufField): Buffer {
  if (field.kind !== 'bytes') throw corrupt();
  return field.bytes;
}

export const textOf = (field: ProtobufField): string => decodeUtf8(bytesOf(field));

function readVarint(message: Buffer, from: number): { value: bigint; next: number } {
  let low = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = message[from + index];
    if (byte === undefined) throw corrupt();
    low |= (byte & 127) << (7 * index);
    if (byte < 128) return { value: BigInt(low), next: from + index + 1 };
  }
  let value = BigInt(low);
  for (let index = 4; index < 10; index += 1) {
    const byte = message[from + index];
    if (byte === undefined) throw corrupt();
    value |= BigInt(byte & 127) << BigInt(7 * index);
    if (byte < 128) return { value: BigInt.asUintN(64, value), next: from + index + 1 };
  }
  throw corrupt();
}
