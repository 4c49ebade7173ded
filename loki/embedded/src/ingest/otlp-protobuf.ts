import { bytesOf, numberOf, protobufFields, textOf, type ProtobufField } from './protobuf-reader.ts';
import type { OtlpAttributes, OtlpRecord, OtlpResource, OtlpScope, OtlpValue } from './otlp-model.ts';

const DEPTH_MAX = 32;

/** Decodes ExportLogsServiceRequest, see opentelemetry/proto/logs/v1/logs.proto. */
export function decodeOtlpProtobuf(message: Buffer): OtlpResource[] {
  return messages(message, 1).map((resourceLogs) => ({
    attributes: attributesOf(messages(resourceLogs, 1).flatMap((resource) => messages(resource, 1))),
    scopes: messages(resourceLogs, 2).map(decodeScope),
  }));
}

const messages = (message: Buffer, number: number): Buffer[] =>
  [...protobufFields(message)].filter((field) => field.number === number).map(bytesOf);

function decodeScope(message: Buffer): OtlpScope {
  const scope = { name: '', version: '', attributes: {} as OtlpAttributes };
  const [described] = messages(message, 1);
  if (described) {
    for (const field of protobufFields(described)) {
      if (field.number === 1) scope.name = textOf(field);
      else if (field.number === 2) scope.version = textOf(field);
    }
    scope.attributes = attributesOf(messages(described, 3));
  }
  return { ...scope, records: messages(message, 2).map(decodeRecord) };
}

function decodeRecord(message: Buffer): OtlpRecord {
  const fields = new Map<number, ProtobufField>();
  for (const field of protobufFields(message)) fields.set(field.number, field);
  const number = (at: number): bigint => {
    const field = fields.get(at);
    return field ? (numberOf(field) ?? 0n) : 0n;
  };
  const hex = (at: number): string => {
    const field = fields.get(at);
    return field ? bytesOf(field).toString('hex') : '';
  };
  const severityText = fields.get(3);
  const body = fields.get(5);
  return {
    timeNs: number(1),
    observedNs: number(11),
    severityNumber: Number(number(2)),
    severityText: severityText ? textOf(severityText) : '',
    body: body ? decodeValue(bytesOf(body), 0) : '',
    attributes: attributesOf(messages(message, 6)),
    flags: Number(number(8)),
    traceId: hex(9),
    spanId: hex(10),
  };
}

function attributesOf(pairs: readonly Buffer[], depth = 0): OtlpAttributes {
  const attributes: Record<string, OtlpValue> = {};
  for (const pair of pairs) {
    let key = '';
    let value: OtlpValue = '';
    for (const field of protobufFields(pair)) {
      if (field.number === 1) key = textOf(field);
      else if (field.number === 2) value = decodeValue(bytesOf(field), depth);
    }
    attributes[key] = value;
  }
  return attributes;
}

function decodeValue(message: Buffer, depth: number): OtlpValue {
  if (depth > DEPTH_MAX) return null;
  for (const field of protobufFields(message)) {
    if (field.number === 1) return textOf(field);
    if (field.number === 2) return numberOf(field) === 1n;
    if (field.number === 3) return BigInt.asIntN(64, numberOf(field) ?? 0n);
    if (field.number === 4) return doubleOf(numberOf(field) ?? 0n);
    if (field.number === 5) return messages(bytesOf(field), 1).map((item) => decodeValue(item, depth + 1));
    if (field.number === 6) return attributesOf(messages(bytesOf(field), 1), depth + 1);
    if (field.number === 7) return bytesOf(field).toString('base64');
  }
  return null;
}

function doubleOf(bits: bigint): number {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(bits);
  return buffer.readDoubleLE();
}
