import { LEVELS, type LogLine, isErrorLevel } from '../../engine/log-line.ts';
import type { ErrorRateChange } from '../../engine/anomalies/error-rate-watch.ts';
import { type ClientQueue, encode } from './client-queue.ts';
import type { PatternSet } from '../../engine/library/pattern-set.ts';
import { lineMatcher } from './line-matcher.ts';
import { PatternAlerts } from './pattern-alerts.ts';
import type { ServerMessage, StreamFilter, StreamLine } from './schema.ts';
import { isoTime, writeLine } from './write-line.ts';

const MESSAGE_LINES_MAX = 200;
const MESSAGE_CHARACTERS_MAX = 65_536;
const SERVICES_IN_METRICS = 50;

/** What one filter lets through: worked out and written once for all clients that have the same filter. */
export class Feed {
  readonly #clients = new Set<ClientQueue>();
  readonly #filter: StreamFilter;
  readonly #matches: (line: LogLine) => boolean;
  readonly #patternAlerts: PatternAlerts;
  #metrics: Metrics;

  /** Throws `invalid_request` when the filter cannot be compiled. */
  constructor(filter: StreamFilter, nowMs: number, patterns: () => PatternSet) {
    this.#filter = filter;
    this.#matches = lineMatcher(filter);
    this.#patternAlerts = new PatternAlerts(filter, patterns);
    this.#metrics = noMetrics(nowMs);
  }

  get isWatched(): boolean {
    return this.#clients.size > 0;
  }

  get patterns(): number {
    return this.#filter.patterns.length;
  }

  add(client: ClientQueue): void {
    this.#clients.add(client);
  }

  remove(client: ClientQueue): void {
    this.#clients.delete(client);
  }

  take(lines: readonly LogLine[], nowMs: number): void {
    const passed = lines.filter(this.#matches);
    if (passed.length === 0) return;
    count(this.#metrics, passed);
    for (const part of inMessages(passed.map(writeLine))) this.send({ type: 'lines', lines: part });
    for (const alert of this.#patternAlerts.look(passed, nowMs)) this.send(alert);
  }

  /** What is told every few seconds. */
  tick(nowMs: number): void {
    for (const alert of this.#patternAlerts.due(nowMs)) this.send(alert);
    this.send(writeMetrics(this.#metrics, nowMs));
    this.#metrics = noMetrics(nowMs);
  }

  tellErrorRate(change: ErrorRateChange): void {
    if (this.#filter.anomalies) this.send(writeErrorRate(change));
  }

  send(message: ServerMessage): void {
    const encoded = encode(message);
    for (const client of this.#clients) client.push(encoded);
  }
}

interface Metrics {
  readonly startMs: number;
  readonly byService: Map<string, { lines: number; errors: number }>;
  readonly byLevel: Map<LogLine['level'], number>;
}

function noMetrics(startMs: number): Metrics {
  return { startMs, byService: new Map(), byLevel: new Map() };
}

function count({ byService, byLevel }: Metrics, lines: readonly LogLine[]): void {
  for (const { service, level } of lines) {
    let counted = byService.get(service);
    if (!counted) {
      counted = { lines: 0, errors: 0 };
      byService.set(service, counted);
    }
    counted.lines++;
    if (isErrorLevel(level)) counted.errors++;
    byLevel.set(level, (byLevel.get(level) ?? 0) + 1);
  }
}

function writeMetrics({ startMs, byService, byLevel }: Metrics, nowMs: number): ServerMessage {
  const services = [...byService].map(([service, counted]) => ({ service, ...counted }));
  const lines = services.reduce((sum, counted) => sum + counted.lines, 0);
  const seconds = Math.max(0.001, (nowMs - startMs) / 1_000);
  return {
    type: 'metrics',
    start: isoTime(startMs),
    end: isoTime(nowMs),
    lines,
    errors: services.reduce((sum, counted) => sum + counted.errors, 0),
    lines_per_second: Math.round((lines / seconds) * 10) / 10,
    by_service: services.sort((a, b) => b.lines - a.lines).slice(0, SERVICES_IN_METRICS),
    by_level: Object.fromEntries(
      LEVELS.filter((level) => byLevel.has(level)).map((level) => [level, byLevel.get(level) ?? 0]),
    ),
  };
}

function writeErrorRate({ service, state, errors, lines, rate, pastRate }: ErrorRateChange): ServerMessage {
  const share = (part: number) => `${(part * 100).toFixed(1)} %`;
  const title =
    state === 'raised'
      ? `${service}: ${errors} of ${lines} lines are errors (${share(rate)}), ${share(pastRate)} before.`
      : `${service}: errors are back to ${share(rate)} of its lines.`;
  const severity = state === 'cleared' ? 'info' : rate >= 0.25 ? 'high' : 'medium';
  return {
    type: 'alert',
    kind: 'error_rate',
    state,
    severity,
    name: 'error_rate',
    service,
    title,
    count: errors,
    evidence: null,
  };
}

/** Messages of some lines each, so that a client's bounded queue can take them one by one. */
function* inMessages(lines: readonly StreamLine[]): Generator<StreamLine[]> {
  let part: StreamLine[] = [];
  let characters = 0;
  for (const line of lines) {
    part.push(line);
    characters += line.line.length;
    if (part.length < MESSAGE_LINES_MAX && characters < MESSAGE_CHARACTERS_MAX) continue;
    yield part;
    part = [];
    characters = 0;
  }
  if (part.length > 0) yield part;
}
