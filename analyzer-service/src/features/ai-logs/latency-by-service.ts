import { type DurationField, findDurationField } from './duration-field.ts';
import type { LogLine, TimeRange } from '../../engine/log-line.ts';
import { AppError } from '../../errors.ts';
import type { ReadContext } from './read-context.ts';
import { selector } from './selector.ts';

/** Milliseconds, over whole windows; null where a window has no values. */
interface ServiceLatency {
  readonly service: string;
  readonly field: string;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
  readonly baseline_p50_ms: number | null;
  readonly baseline_p95_ms: number | null;
  readonly baseline_p99_ms: number | null;
}

const QUANTILES = [0.5, 0.95, 0.99] as const;
const LINES_LOOKED_AT = 1_000;
const SERVICES_MAX = 20;

/** Looks which field of a service's lines holds a duration, and lets Loki compute its quantiles over every line. */
export async function latencyByService(
  context: ReadContext,
): Promise<{ services: readonly ServiceLatency[]; warnings: readonly string[] }> {
  const { filter, labels, source, window, signal } = context;
  const query = selector(filter, labels);
  const lines = await source.read('where durations stand', {
    query,
    range: window,
    limit: LINES_LOOKED_AT,
    signal,
  });
  const byService = new Map<string, LogLine[]>();
  for (const line of lines) {
    const others = byService.get(line.service);
    if (others) others.push(line);
    else byService.set(line.service, [line]);
  }
  const warnings: string[] = [];
  const found = [...byService].flatMap(([service, of]) => {
    const field = findDurationField(of);
    return field ? [{ service, field }] : [];
  });
  const services = await Promise.all(
    found.slice(0, SERVICES_MAX).map(({ service, field }) => quantilesOf(context, service, field, warnings)),
  );
  return { services: services.sort((a, b) => (b.p95_ms ?? 0) - (a.p95_ms ?? 0)), warnings };
}

async function quantilesOf(
  context: ReadContext,
  service: string,
  field: DurationField,
  warnings: string[],
): Promise<ServiceLatency> {
  const measure = async (range: TimeRange | null) =>
    range
      ? Promise.all(
          QUANTILES.map((quantile) => quantileOf(context, service, field, quantile, range, warnings)),
        )
      : [];
  const [now, before] = await Promise.all([measure(context.window), measure(context.baseline)]);
  const [p50_ms = null, p95_ms = null, p99_ms = null] = now;
  const [baseline_p50_ms = null, baseline_p95_ms = null, baseline_p99_ms = null] = before;
  return {
    service,
    field: field.name,
    p50_ms,
    p95_ms,
    p99_ms,
    baseline_p50_ms,
    baseline_p95_ms,
    baseline_p99_ms,
  };
}

async function quantileOf(
  { filter, labels, source, signal }: ReadContext,
  service: string,
  field: DurationField,
  quantile: number,
  range: TimeRange,
  warnings: string[],
): Promise<number | null> {
  const lines = selector({ ...filter, services: [service] }, labels);
  const parser = field.format === 'metadata' ? '' : ` | ${field.format}`;
  const unwrap = field.unit === 'text' ? `duration(${field.name})` : field.name;
  const query = `quantile_over_time(${quantile}, ${lines}${parser} | unwrap ${unwrap} | __error__="" [$step]) by (${labels.service})`;
  const stepMs = range.endMs - range.startMs;
  try {
    const [series] = await source.count(`p${quantile * 100} of ${service}`, { query, range, stepMs, signal });
    const value = series?.values[0];
    return value === undefined ? null : Math.round(value * MS_PER_UNIT[field.unit] * 1_000) / 1_000;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'query_rejected') throw error;
    warnings.push(`No latency of ${service}: ${error.message}`);
    return null;
  }
}

/** `unwrap duration()` gives seconds. */
const MS_PER_UNIT = { ms: 1, s: 1_000, us: 0.001, ns: 1e-6, text: 1_000 } as const;
