import type {
  CostRequest,
  LinesRequest,
  LogSource,
  MetricRequest,
  MetricSeries,
  PagesRequest,
  TailRequest,
} from '../../ports.ts';
import type { LogLine, TimeRange } from '../../engine/log-line.ts';
import { guardCost } from './cost-guard.ts';
import { detectedFields } from './loki-index.ts';
import { type LokiConnection, LokiHttp } from './loki-http.ts';
import { type MatrixSeries, type VectorSample, notLoki, resultOf, statisticsOf } from './loki-answer.ts';
import { openTail } from './loki-tail.ts';
import { joinSeries, rangeLimitOf, splitRange } from './range-limit.ts';
import { type LabelNames, type LokiStream, readLogLines } from './read-log-lines.ts';
import { type ReadPage, readAhead, readPages } from './read-pages.ts';

export interface LokiLimits {
  /** Lines in one answer of Loki (max_entries_limit_per_query). */
  readonly entriesPerQuery: number;
  /** Longest range of one query (max_query_length); longer ones are asked in parts. */
  readonly rangeMsMax: number;
  readonly bytesPerAnswerMax: number;
}

/** A Loki over its HTTP API, 3.0 or newer. */
export class LokiLogSource implements LogSource {
  readonly #connection: LokiConnection;
  readonly #http: LokiHttp;
  readonly #labels: LabelNames;
  readonly #limits: LokiLimits;
  #rangeMsMax: number;

  constructor(connection: LokiConnection, labels: LabelNames, limits: LokiLimits) {
    this.#connection = connection;
    this.#http = new LokiHttp(connection);
    this.#labels = labels;
    this.#limits = limits;
    this.#rangeMsMax = limits.rangeMsMax;
  }

  async countOverTime(request: MetricRequest): Promise<readonly MetricSeries[]> {
    const { range, stepMs } = request;
    return this.#withinRangeLimit(async (rangeMsMax) => {
      const parts = splitRange(range, stepMs, rangeMsMax);
      const counted = await Promise.all(parts.map((part) => this.#count({ ...request, range: part })));
      return joinSeries(
        counted,
        parts.map((part) => stepsIn(part, stepMs)),
      );
    });
  }

  async readLines(request: LinesRequest): Promise<readonly LogLine[]> {
    return this.#withinRangeLimit(async (rangeMsMax) => {
      const pages: (readonly LogLine[])[] = [];
      let left = request.limit;
      const pageLines = Math.min(left, this.#limits.entriesPerQuery);
      for (const part of splitRange(request.range, 1, rangeMsMax).reverse()) {
        if (left === 0) break;
        for await (const page of readPages(this.#pageReader(request), inNs(part), 'backward', pageLines)) {
          pages.push(page.slice(-left));
          left -= Math.min(left, page.length);
          if (left === 0) break;
        }
      }
      return pages.reverse().flat();
    });
  }

  async *readPages({
    query,
    range,
    pageLines,
    signal,
  }: PagesRequest): AsyncGenerator<readonly LogLine[], void> {
    const stopped = new AbortController();
    const request = { query, signal: AbortSignal.any([signal, stopped.signal]) };
    const linesMax = Math.min(pageLines, this.#limits.entriesPerQuery);
    try {
      for (const part of splitRange(range, 1, this.#rangeMsMax))
        yield* readAhead(readPages(this.#pageReader(request), inNs(part), 'forward', linesMax));
    } finally {
      stopped.abort();
    }
  }

  async *tail({ query, signal }: TailRequest): AsyncGenerator<readonly LogLine[], void> {
    const { entriesPerQuery } = this.#limits;
    for await (const streams of openTail(this.#connection, query, entriesPerQuery, signal))
      yield readLogLines(streams, this.#labels);
  }

  async guardCost(request: CostRequest): Promise<void> {
    await guardCost(this.#http, request, this.#labels.service, this.#limits.bytesPerAnswerMax);
  }

  async carriedFields(request: CostRequest): Promise<readonly string[] | null> {
    return detectedFields(this.#http, request, this.#limits.entriesPerQuery);
  }

  async services(range: TimeRange, signal: AbortSignal): Promise<readonly string[]> {
    const { startNs, endNs } = inNs(range);
    const parameters = { start: `${startNs}`, end: `${endNs}` };
    const path = `/loki/api/v1/label/${this.#labels.service}/values`;
    const values = ((await this.#http.get(path, parameters, signal)) as { data?: unknown }).data ?? [];
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

  /** Runs again in shorter parts when this Loki turns out to take less than was thought. */
  async #withinRangeLimit<T>(run: (rangeMsMax: number) => Promise<T>): Promise<T> {
    try {
      return await run(this.#rangeMsMax);
    } catch (error) {
      const limitMs = rangeLimitOf(error);
      if (limitMs === null || limitMs >= this.#rangeMsMax) throw error;
      this.#rangeMsMax = limitMs;
      return run(limitMs);
    }
  }

  async #count({
    query,
    range,
    stepMs,
    signal,
    onStatistics,
  }: MetricRequest): Promise<readonly MetricSeries[]> {
    const logql = query.replaceAll('$step', `${stepMs}ms`);
    const steps = stepsIn(range, stepMs);
    // A point at t counts the lines in (t - step, t]: asking one nanosecond early makes that [t - step, t).
    const lastNs = inNs(range).endNs - 1n;
    if (steps === 1) {
      const answer = await this.#http.get('/loki/api/v1/query', { query: logql, time: `${lastNs}` }, signal);
      statisticsOf(answer, onStatistics);
      const result = resultOf(answer, 'vector') as readonly VectorSample[];
      return result.map(({ metric, value }) => ({ labels: metric, values: [Number(value[1])] }));
    }
    const firstNs = inNs(range).startNs + BigInt(Math.round(stepMs)) * 1_000_000n - 1n;
    const parameters = { query: logql, start: `${firstNs}`, end: `${lastNs}`, step: `${stepMs / 1000}` };
    const answer = await this.#http.get('/loki/api/v1/query_range', parameters, signal);
    statisticsOf(answer, onStatistics);
    const result = resultOf(answer, 'matrix') as readonly MatrixSeries[];
    return result.map(({ metric, values }) => {
      const series = Array.from<number>({ length: steps }).fill(0);
      for (const [seconds, value] of values) {
        series[Math.round((seconds * 1000 - range.startMs) / stepMs) - 1] = Number(value);
      }
      return { labels: metric, values: series };
    });
  }

  #pageReader({ query, signal, onStatistics }: Omit<LinesRequest, 'range' | 'limit'>): ReadPage {
    return async ({ startNs, endNs }, limit, direction) => {
      const parameters = { query, start: `${startNs}`, end: `${endNs}`, limit: `${limit}`, direction };
      const answer = await this.#http.get('/loki/api/v1/query_range', parameters, signal);
      statisticsOf(answer, onStatistics);
      return readLogLines(resultOf(answer, 'streams') as readonly LokiStream[], this.#labels);
    };
  }
}

function stepsIn({ startMs, endMs }: TimeRange, stepMs: number): number {
  return Math.round((endMs - startMs) / stepMs);
}

function inNs({ startMs, endMs }: TimeRange): { readonly startNs: bigint; readonly endNs: bigint } {
  return {
    startNs: BigInt(Math.round(startMs)) * 1_000_000n,
    endNs: BigInt(Math.round(endMs)) * 1_000_000n,
  };
}
