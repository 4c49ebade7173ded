import { AppError } from '../../errors.ts';
import type { MetricRequest } from '../../ports.ts';

export interface VectorSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

export interface MatrixSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/** The `result` of an answer to a query. Throws `loki_failed` when it is not of that type. */
export function resultOf(answer: unknown, type: 'matrix' | 'streams' | 'vector'): readonly unknown[] {
  const data = (answer as { data?: { resultType?: unknown; result?: unknown } } | null)?.data;
  if (data?.resultType !== type || !Array.isArray(data.result)) throw notLoki();
  return data.result;
}

/** Tells what Loki read for an answer, where it says so. */
export function statisticsOf(answer: unknown, onStatistics: MetricRequest['onStatistics']): void {
  const summary = (answer as { data?: { stats?: { summary?: Summary } } } | null)?.data?.stats?.summary;
  if (typeof summary?.totalBytesProcessed !== 'number') return;
  onStatistics?.({ bytes: summary.totalBytesProcessed, lines: summary.totalLinesProcessed ?? 0 });
}

interface Summary {
  readonly totalBytesProcessed?: number;
  readonly totalLinesProcessed?: number;
}

export function notLoki(): AppError {
  return new AppError('loki_failed', "The answer does not have the shape of Loki's API. Check LOKI_URL.");
}
