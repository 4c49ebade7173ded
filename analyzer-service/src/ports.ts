import type { LogLine, TimeRange } from './engine/log-line.ts';

/** Where logs come from: a Loki, or the embedded store that answers like one. */
export interface LogSource {
  /** A metric query over `range`, one point a step. Throws AppError `loki_*` or `query_rejected`. */
  countOverTime(request: MetricRequest): Promise<readonly MetricSeries[]>;
  /**
   * Lines that `query` selects in `range`, newest first where `limit` cuts them, always returned oldest first.
   * Reads as many pages as `limit` needs. Throws like countOverTime.
   */
  readLines(request: LinesRequest): Promise<readonly LogLine[]>;
  /** The services that wrote in `range`, sorted. */
  services(range: TimeRange, signal: AbortSignal): Promise<readonly string[]>;
  /** Answers within the time limit or throws: is it there and does it take queries? */
  check(signal: AbortSignal): Promise<{ readonly version: string }>;
}

export interface MetricRequest {
  /** LogQL; the text `$step` stands for the step as a duration. */
  readonly query: string;
  readonly range: TimeRange;
  /** Divides the range. Point i counts the lines with startMs + i*stepMs <= time < startMs + (i+1)*stepMs. */
  readonly stepMs: number;
  readonly signal: AbortSignal;
}

export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** One value a step, 0 where Loki gave none. */
  readonly values: readonly number[];
}

export interface LinesRequest {
  readonly query: string;
  readonly range: TimeRange;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** What models cost, by their name in the logs. */
export interface ModelPrices {
  readonly currency: string;
  /** For a million tokens. */
  readonly models: Readonly<Record<string, { readonly input: number; readonly output: number }>>;
}
