import { badRequest } from '../errors.ts';
import type { OtlpAttributes, OtlpRecord, OtlpResource, OtlpScope, OtlpValue } from './otlp-model.ts';

type Json = { readonly [name: string]: unknown };

const DEPTH_MAX = 32;

/** Decodes the JSON form of ExportLogsServiceRequest. */
export function decodeOtlpJson(text: string): OtlpResource[] {
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch (cause) {
    throw badRequest(`the OTLP request is no JSON: ${cause instanceof Error ? cause.message : ''}`);
  }
  return list(record(request).resourceLogs).map((resourceLogs) => ({
    attributes: attributesOf(record(resourceLogs.resource).attributes),
    scopes: list(resourceLogs.scopeLogs).map(decodeScope),
  }));
}

const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

function list(value: unknown): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest('the OTLP request has an object where a list must be');
  return value.map(record);
}

const text = (value: unknown): string => (typeof value === 'string' ? value.toWellFormed() : '');

function integer(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : 0n;
}

function decodeScope(scopeLogs: Json): OtlpScope {
  const scope = record(scopeLogs.scope);
  return {
    name: text(scope.name),
    version: text(scope.version),
    attributes: attributesOf(scope.attributes),
    records: list(scopeLogs.logRecords).map(decodeRecord),
  };
}

function decodeRecord(logRecord: Json): OtlpRecord {
  return {
    timeNs: integer(logRecord.timeUnixNano),
    observedNs: integer(logRecord.observedTimeUnixNano),
    severityNumber: Number(integer(logRecord.severityNumber)),
    severityText: text(logRecord.severityText),
    body: decodeValue(logRecord.body, 0),
    attributes: attributesOf(logRecord.attributes),
    flags: Number(integer(logRecord.flags)),
    traceId: text(logRecord.traceId),
    spanId: text(logRecord.spanId),
  };
}

function attributesOf(value: unknown, depth = 0): OtlpAttributes {
  return Object.fromEntries(list(value).map((pair) => [text(pair.key), decodeValue(pair.value, depth)]));
}

function decodeValue(value: unknown, depth: number): OtlpValue {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } =
    record(value);
  if (depth > DEPTH_MAX) return null;
  if (stringValue !== undefined) return text(stringValue);
  if (boolValue !== undefined) return boolValue === true;
  if (intValue !== undefined) return integer(intValue);
  if (doubleValue !== undefined) return Number(doubleValue);
  if (arrayValue !== undefined)
    return list(record(arrayValue).values).map((item) => decodeValue(item, depth + 1));
  if (kvlistValue !== undefined) return attributesOf(record(kvlistValue).values, depth + 1);
  return bytesValue === undefined ? null : text(bytesValue);
}
