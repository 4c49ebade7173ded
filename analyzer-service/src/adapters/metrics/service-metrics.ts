import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface ObservedRequest {
  readonly method: string;
  /** The pattern of the route, never the path itself: ids would make a series each. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface ObservedQuery {
  readonly operation: string;
  /** `ok` or the code of the error. */
  readonly outcome: string;
  readonly seconds: number;
}

const SECONDS_BUCKETS = [0.005, 0.02, 0.1, 0.3, 1, 3, 10, 30, 60];
const NANOSECONDS = 1e9;
/** Further services share one series: names come from logs. */
const SERVICES_MAX = 200;

/** What Prometheus reads from this process. Each service has a registry of its own. */
export class ServiceMetrics {
  readonly #registry = new Registry();
  readonly #loopDelay = monitorEventLoopDelay({ resolution: 20 });
  readonly #requests = new Histogram({
    name: 'sonde_http_request_duration_seconds',
    help: 'Duration of HTTP requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS_BUCKETS,
    registers: [this.#registry],
  });
  readonly #queries = new Histogram({
    name: 'sonde_loki_query_duration_seconds',
    help: 'Duration of queries to Loki, all pages of one together',
    labelNames: ['operation'],
    buckets: SECONDS_BUCKETS,
    registers: [this.#registry],
  });
  readonly #queryOutcomes = new Counter({
    name: 'sonde_loki_queries_total',
    help: 'Queries to Loki by how they ended: ok or the code of the error',
    labelNames: ['operation', 'outcome'],
    registers: [this.#registry],
  });

  readonly #newPatterns = new Counter({
    name: 'sonde_new_patterns_total',
    help: 'Wordings that a service never wrote before, as told to Loki by this process',
    labelNames: ['service'],
    registers: [this.#registry],
  });
  readonly #namedServices = new Set<string>();

  constructor() {
    this.#loopDelay.enable();
    for (const metric of [eventLoopLag(this.#loopDelay), memory(), heap(), processorTime()])
      this.#registry.registerMetric(metric);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  observeRequest({ method, route, status, seconds }: ObservedRequest): void {
    this.#requests.observe({ method, route, status: String(status) }, seconds);
  }

  observeLokiQuery({ operation, outcome, seconds }: ObservedQuery): void {
    this.#queries.observe({ operation }, seconds);
    this.#queryOutcomes.inc({ operation, outcome });
  }

  /** With 0 the series begins: a rule sees the first increase only of a counter that was there before. */
  countNewPatterns(service: string, count: number): void {
    if (this.#namedServices.size < SERVICES_MAX) this.#namedServices.add(service);
    this.#newPatterns.inc({ service: this.#namedServices.has(service) ? service : 'other' }, count);
  }

  /** Everything in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#loopDelay.disable();
    this.#registry.clear();
  }
}

type LoopDelay = ReturnType<typeof monitorEventLoopDelay>;

function eventLoopLag(delay: LoopDelay): Gauge {
  return new Gauge({
    name: 'sonde_event_loop_lag_seconds',
    help: 'How late the event loop came round since the last scrape',
    labelNames: ['quantile'],
    registers: [],
    collect() {
      for (const quantile of [0.5, 0.99])
        this.set({ quantile: String(quantile) }, (delay.percentile(quantile * 100) || 0) / NANOSECONDS);
      this.set({ quantile: '1' }, delay.count > 0 ? delay.max / NANOSECONDS : 0);
      delay.reset();
    },
  });
}

function memory(): Gauge {
  return new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process',
    registers: [],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
}

function heap(): Gauge {
  return new Gauge({
    name: 'nodejs_heap_size_used_bytes',
    help: 'JavaScript heap in use',
    registers: [],
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
}

function processorTime(): Counter {
  return new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time that the process used',
    registers: [],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}
