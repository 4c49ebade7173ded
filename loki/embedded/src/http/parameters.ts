import { badRequest } from '../errors.ts';
import { parseDurationNs } from '../logql/literals.ts';

const HOUR_NS = 3_600_000_000_000n;

/** Times come as nanoseconds, as seconds with or without a fraction, or as RFC 3339. */
export function parseTimeNs(text: string, name: string): bigint {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    return text.replace('-', '').length <= 10 ? value * 1_000_000_000n : value;
  }
  if (/^-?\d*\.\d+(e[+-]?\d+)?$/i.test(text)) return BigInt(Math.round(Number(text) * 1e9));
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const ms = match ? Date.parse(`${match[1]}${match[3]}`) : NaN;
  if (Number.isNaN(ms))
    throw badRequest(
      `could not parse '${name}' parameter: ${JSON.stringify(text)} is no time; send nanoseconds or RFC 3339`,
    );
  const fraction = BigInt((match?.[2] ?? '.').slice(1).padEnd(9, '0'));
  return BigInt(ms) * 1_000_000n + fraction;
}

export type TimeRange = { readonly startNs: bigint; readonly endNs: bigint };

/** `start`, `end` and `since`; the last hour without them. */
export function parseRange(parameters: URLSearchParams, now: number): TimeRange {
  const nowNs = BigInt(now) * 1_000_000n;
  const endText = parameters.get('end');
  const startText = parameters.get('start');
  const since = parameters.get('since');
  const endNs = endText ? parseTimeNs(endText, 'end') : nowNs;
  const sinceNs = since ? parseDurationNs(since) : null;
  if (since && sinceNs === null)
    throw badRequest(`could not parse 'since' parameter: ${JSON.stringify(since)} is no duration`);
  const lastNs = endNs < nowNs ? endNs : nowNs;
  const startNs = startText
    ? parseTimeNs(startText, 'start')
    : lastNs - (sinceNs === null ? HOUR_NS : BigInt(sinceNs));
  if (endNs <= startNs) throw badRequest('end timestamp must not be before or equal to start time');
  return { startNs, endNs };
}

/** Seconds or a duration; by default a 250th of the range, one second at least. */
export function parseStepNs(text: string | null, { startNs, endNs }: TimeRange): bigint {
  if (text === null || text === '') {
    const seconds = (endNs - startNs) / 250n / 1_000_000_000n;
    return (seconds > 1n ? seconds : 1n) * 1_000_000_000n;
  }
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1e9 : parseDurationNs(text);
  if (seconds === null)
    throw badRequest(`could not parse 'step' parameter: ${JSON.stringify(text)} is no duration`);
  if (seconds <= 0)
    throw badRequest(
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  return BigInt(Math.round(seconds));
}

export function parseLimit(text: string | null, fallback: number, most: number): number {
  if (text === null || text === '') return Math.min(fallback, most);
  if (!/^-?\d+$/.test(text))
    throw badRequest(`could not parse 'limit' parameter: ${JSON.stringify(text)} is no number`);
  const limit = Number(text);
  if (limit <= 0) throw badRequest('limit must be a positive value');
  if (limit > most)
    throw badRequest(
      `max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${most})`,
    );
  return limit;
}
