import type { TimeRange } from '../../engine/log-line.ts';
import { AppError } from '../../errors.ts';
import type { CostRequest } from '../../ports.ts';
import type { LokiHttp } from './loki-http.ts';

/** Bytes that stand in the range by the index, or null where this Loki has no `index/stats`. */
export async function bytesOf(http: LokiHttp, { query, range, signal }: CostRequest): Promise<number | null> {
  const answer = await ifThere(http.get('/loki/api/v1/index/stats', { query, ...bounds(range) }, signal));
  const bytes = (answer as { bytes?: unknown } | null)?.bytes;
  return typeof bytes === 'number' ? bytes : null;
}

/** The services that wrote most in the range, most first; empty where this Loki has no `index/volume`. */
export async function largestServices(
  http: LokiHttp,
  { query, range, signal }: CostRequest,
  serviceLabel: string,
  servicesMax: number,
): Promise<readonly { readonly service: string; readonly bytes: number }[]> {
  const parameters = { query, ...bounds(range), targetLabels: serviceLabel, limit: `${servicesMax}` };
  const answer = await ifThere(http.get('/loki/api/v1/index/volume', parameters, signal));
  const result = (answer as { data?: { result?: unknown } } | null)?.data?.result;
  return (Array.isArray(result) ? (result as readonly VolumeSample[]) : [])
    .map(({ metric, value }) => ({ service: metric[serviceLabel] ?? '', bytes: Number(value[1]) }))
    .filter(({ service }) => service !== '')
    .sort((a, b) => b.bytes - a.bytes);
}

/** Fields of structured metadata by Loki's look at some newest lines; null where it has no `detected_fields`. */
export async function detectedFields(
  http: LokiHttp,
  { query, range, signal }: CostRequest,
  linesMax: number,
): Promise<readonly string[] | null> {
  const parameters = { query, ...bounds(range), line_limit: `${linesMax}`, limit: `${FIELDS_MAX}` };
  const answer = await ifThere(http.get('/loki/api/v1/detected_fields', parameters, signal));
  const fields = (answer as { fields?: unknown } | null)?.fields;
  if (!Array.isArray(fields)) return null;
  return (fields as readonly DetectedField[])
    .filter(({ label, parsers }) => typeof label === 'string' && !parsers?.length)
    .map(({ label }) => label)
    .sort();
}

const FIELDS_MAX = 200;

interface DetectedField {
  readonly label: string;
  /** How Loki parsed the line to see it; null or empty for structured metadata. */
  readonly parsers?: readonly string[] | null;
}

interface VolumeSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** Not every Loki has these endpoints, and some answer them with an error: then it goes without. */
async function ifThere(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AppError && ['query_rejected', 'loki_failed'].includes(error.code)) return null;
    throw error;
  }
}

function bounds({ startMs, endMs }: TimeRange): { start: string; end: string } {
  return { start: `${Math.round(startMs)}000000`, end: `${Math.round(endMs)}000000` };
}
