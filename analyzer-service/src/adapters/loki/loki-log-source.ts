import type { LinesRequest, LogSource, MetricRequest, MetricSeries } from '../../ports.ts';
import type { LogLine, TimeRange } from '../../engine/log-line.ts';
import { AppError } from '../../errors.ts';
import { type LokiConnection, LokiHttp } from './loki-http.ts';
import { type LabelNames, type LokiStream, readLogLines } from './read-log-lines.ts';

/** A Loki over its HTTP API, 3.0 or newer. */
export class LokiLogSource implements LogSource {
  readonly #http: LokiHttp;
  readonly #labels: LabelNames;
  readonly #entriesPerQuery: number;

  constructor(connection: LokiConnection, labels: LabelNames, entriesPerQuery: number) {
    this.#http = new LokiHttp(connection);
    this.#labels = labels;
    this.#entriesPerQuery = entriesPerQuery;
  }

  async countOverTime({ query, range, stepMs, signal }: MetricRequest): Promise<readonly MetricSeries[]> {
    const logql = query.replaceAll('$step', `${stepMs}ms`);
    const steps = Math.round((range.endMs - range.startMs) / stepMs);
    // A point at t counts the lines in (t - step, t]: asking one nanosecond early makes that [t - step, t).
    const lastNs = nanoseconds(range.endMs) - 1n;
    if (steps === 1) {
      const answer = await this.#http.get('/loki/api/v1/query', { query: logql, time: `${lastNs}` }, signal);
      const result = resultOf(answer, 'vector') as readonly VectorSample[];
      return result.map(({ metric, value }) => ({ labels: metric, values: [Number(value[1])] }));
    }
    const firstNs = nanoseconds(range.startMs + stepMs) - 1n;
    const parameters = { query: logql, start: `${firstNs}`, end: `${lastNs}`, step: `${stepMs / 1000}` };
    const answer = await this.#http.get('/loki/api/v1/query_range', parameters, signal);
    const result = resultOf(answer, 'matrix') as readonly MatrixSeries[];
    return result.map(({ metric, values }) => {
      const series = Array.from<number>({ length: steps }).fill(0);
      for (const [seconds, value] of values) {
        series[Math.round((seconds * 1000 - range.startMs) / stepMs) - 1] = Number(value);
      }
      return { labels: metric, values: series };
    });
  }

  async readLines({ query, range, limit, signal }: LinesRequest): Promise<readonly LogLine[]> {
    const pages: LogLine[][] = [];
    const seen = new Set<string>();
    let end = nanoseconds(range.endMs);
    let left = limit;
    while (left > 0) {
      const pageSize = Math.min(left, this.#entriesPerQuery);
      const page = await this.#readPage(query, nanoseconds(range.startMs), end, pageSize, signal);
      const fresh = page.filter((line) => !seen.has(identity(line)));
      pages.push(fresh);
      left -= fresh.length;
      const oldest = page[0];
      if (!oldest || page.length < pageSize) break;
      // The next page begins inside the oldest nanosecond: its lines may go on, and those already read are left out.
      const oldestNs = BigInt(oldest.timestampNs);
      end = fresh.length > 0 ? oldestNs + 1n : oldestNs;
      seen.clear();
      for (const line of page) if (line.timestampNs === oldest.timestampNs) seen.add(identity(line));
    }
    return pages.reverse().flat();
  }

  async services(range: TimeRange, signal: AbortSignal): Promise<readonly string[]> {
    const parameters = { start: `${nanoseconds(range.startMs)}`, end: `${nanoseconds(range.endMs)}` };
    const answer = await this.#http.get(
      `/loki/api/v1/label/${this.#labels.service}/values`,
      parameters,
      signal,
    );
    const values = (answer as { data?: unknown }).data ?? [];
    if (!Array.isArray(values)) throw notLoki();
    return values.map(String).sort();
  }

  async check(signal: AbortSignal): Promise<{ readonly version: string }> {
    const answer = (await this.#http.get('/loki/api/v1/status/buildinfo', {}, signal)) as {
      version?: unknown;
    };
    const now = Date.now();
    await this.services({ startMs: now - 3_600_000, endMs: now }, signal);
    return { version: typeof answer.version === 'string' ? answer.version : 'unknown' };
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  /** One page, newest lines of the range, oldest first. */
  async #readPage(
    query: string,
    start: bigint,
    end: bigint,
    limit: number,
    signal: AbortSignal,
  ): Promise<LogLine[]> {
    const parameters = { query, start: `${start}`, end: `${end}`, limit: `${limit}`, direction: 'backward' };
    const result = resultOf(await this.#http.get('/loki/api/v1/query_range', parameters, signal), 'streams');
    return readLogLines(result as readonly LokiStream[], this.#labels);
  }
}

interface VectorSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

interface MatrixSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

function resultOf(answer: unknown, type: 'matrix' | 'streams' | 'vector'): readonly unknown[] {
  const data = (answer as { data?: { resultType?: unknown; result?: unknown } } | null)?.data;
  if (data?.resultType !== type || !Array.isArray(data.result)) throw notLoki();
  return data.result;
}

function notLoki(): AppError {
  return new AppError('loki_failed', "The answer does not have the shape of Loki's API. Check LOKI_URL.");
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds)) * 1_000_000n;
}

function identity(line: LogLine): string {
  return JSON.stringify([line.timestampNs, line.fields, line.text]);
}
