import type { Conditions } from './conditions.ts';
import type { Random } from './random.ts';
import type { SampleLevel, ServiceName } from './sample-line.ts';
import type { Shop } from './shop.ts';

/** One service's part in a request: a span of its own and the pod that serves it. */
export interface Hop {
  readonly service: ServiceName;
  readonly startMs: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A request on its way through the shop. `timeMs` is where it is now; each step moves it on and writes lines. */
export class Request {
  readonly shop: Shop;
  readonly random: Random;
  /** As they were when the request came in. */
  readonly conditions: Conditions;
  readonly correlationId: string;
  readonly traceId: string;
  timeMs: number;
  /** Metadata that every hop carries from now on. */
  #shared: Readonly<Record<string, string>>;

  constructor(shop: Shop, timeMs: number) {
    this.shop = shop;
    this.random = shop.random;
    this.conditions = shop.conditions;
    this.timeMs = timeMs;
    this.correlationId = `req-${this.random.hex(16)}`;
    this.traceId = this.random.hex(32);
    this.#shared = { correlation_id: this.correlationId, trace_id: this.traceId };
  }

  share(metadata: Readonly<Record<string, string>>): void {
    this.#shared = { ...this.#shared, ...metadata };
  }

  enter(service: ServiceName): Hop {
    const metadata = { ...this.#shared, span_id: this.random.hex(16), pod: this.shop.pod(service) };
    return { service, startMs: this.timeMs, metadata };
  }

  /** Time passes: about `medianMs`, sometimes much more, as latencies do. */
  pass(medianMs: number, spread = 0.45): void {
    this.timeMs += this.random.logNormal(medianMs, spread);
  }

  log(hop: Hop, level: SampleLevel, text: string, metadata = hop.metadata): void {
    this.shop.write(this.timeMs, hop.service, level, text, metadata);
  }
}
