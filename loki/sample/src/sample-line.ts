export const SERVICES = [
  'gateway',
  'api',
  'anythingllm',
  'worker',
  'payments',
  'search',
  'auth',
  'database',
] as const;
export type ServiceName = (typeof SERVICES)[number];

export type SampleLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** The labels of one Loki stream: few values each, one object for each stream, so streams compare by identity. */
export interface StreamLabels {
  readonly service: ServiceName;
  readonly env: string;
  readonly level: SampleLevel;
}

export interface SampleLine {
  /** Nanoseconds since the epoch as decimal text, as Loki's push API takes it. */
  readonly timestampNs: string;
  /** The same instant in milliseconds since the epoch, with a fraction. */
  readonly timeMs: number;
  readonly labels: StreamLabels;
  /** Structured metadata: correlation_id, trace_id, span_id, pod, model ... */
  readonly metadata: Readonly<Record<string, string>>;
  /** One event; a stack trace has newlines. */
  readonly text: string;
}

export function streamLabels(service: ServiceName, level: SampleLevel): StreamLabels {
  return STREAMS[service][level];
}

/** Nanoseconds as text: a double holds milliseconds since the epoch to a quarter of a microsecond. */
export function nanoseconds(timeMs: number): string {
  const second = Math.floor(timeMs / 1000);
  const rest = Math.floor((timeMs - second * 1000) * 1e6);
  return `${second}${String(1_000_000_000 + rest).slice(1)}`;
}

const STREAMS = Object.fromEntries(
  SERVICES.map((service) => [service, labelsByLevel(service)]),
) as unknown as Readonly<Record<ServiceName, Readonly<Record<SampleLevel, StreamLabels>>>>;

function labelsByLevel(service: ServiceName): Record<SampleLevel, StreamLabels> {
  const labels = (level: SampleLevel): StreamLabels => ({ service, env: 'production', level });
  return {
    debug: labels('debug'),
    info: labels('info'),
    warn: labels('warn'),
    error: labels('error'),
    fatal: labels('fatal'),
  };
}
