import { measuredValues } from '../anomalies/measured-values.ts';
import { type LogLine, isErrorLevel } from '../log-line.ts';

/** The part of one service in one request. Times in milliseconds since the epoch; indices count the request's spans. */
export interface Span {
  readonly service: string;
  readonly spanId: string | null;
  /** In time order, at least one. */
  readonly lines: readonly LogLine[];
  /** Of its first line, or earlier where a line of it states how long the whole took. */
  startMs: number;
  /** Of its last line, or of the line by which its caller gave up on it. */
  endMs: number;
  /** The span that called it; -1 for the first. */
  parent: number;
  /** Nobody waited for it: it began after its caller had ended. */
  asynchronous: boolean;
  /** Its caller wrote that no answer came, and it wrote nothing more itself. */
  unanswered: boolean;
  /** Its duration without the time in which spans that it waited for ran. */
  selfMs: number;
  /** Calls between it and the first span. */
  depth: number;
}

/**
 * Cuts the lines of one request into spans, in order of their start: by span_id where lines carry one, otherwise one
 * span a service. A span's caller is the one that its lines name, otherwise the shortest that contains it.
 */
export function spansOf(lines: readonly LogLine[]): readonly Span[] {
  const byKey = new Map<string, LogLine[]>();
  for (const line of [...lines].sort((a, b) => a.timeMs - b.timeMs)) {
    const key = `${line.service} ${spanIdOf(line) ?? ''}`;
    const others = byKey.get(key);
    if (others) others.push(line);
    else byKey.set(key, [line]);
  }
  const spans = inOrder([...byKey.values()].map(newSpan));
  link(spans);
  extendUnanswered(spans);
  link(spans);
  measureSelf(spans);
  return spans;
}

/** By start; of two that start within the tolerance, the one that ends later called the other. */
function inOrder(spans: readonly Span[]): Span[] {
  const ordered = [...spans].sort((a, b) => a.startMs - b.startMs);
  for (let index = 1; index < ordered.length; index += 1) {
    for (let at = index; at > Math.max(0, index - TIES_MAX); at -= 1) {
      const [before, span] = [ordered[at - 1], ordered[at]];
      if (!before || !span || span.startMs - before.startMs > CLOCK_TOLERANCE_MS) break;
      if (span.endMs <= before.endMs) break;
      [ordered[at - 1], ordered[at]] = [span, before];
    }
  }
  return ordered;
}

const CLOCK_TOLERANCE_MS = 1;
const TIES_MAX = 50;
/** How many spans back a caller is looked for: bounds the work on a hostile request. */
const CALLERS_LOOKED_AT = 200;
const STATED_MAX_MS = 600_000;
const GIVEN_UP =
  /time[ds]?[ -]?out|timeout|deadline|no answer|no response|gave up|unavailable|reset by peer/i;

function newSpan(lines: readonly LogLine[]): Span {
  const [first] = lines;
  const firstMs = first?.timeMs ?? 0;
  const stated = lines.map((line) => line.timeMs - statedMs(line));
  return {
    service: first?.service ?? '',
    spanId: first ? spanIdOf(first) : null,
    lines,
    startMs: Math.min(firstMs, ...stated),
    endMs: lines.at(-1)?.timeMs ?? firstMs,
    parent: -1,
    asynchronous: false,
    unanswered: false,
    selfMs: 0,
    depth: 0,
  };
}

/**
 * The longest duration that the line states, 0 when it states none; an access log's `rt=0.123` is in seconds. Whole
 * milliseconds are rounded, so that half a one more is allowed: otherwise a caller would begin after its callee.
 */
function statedMs(line: LogLine): number {
  const access = /\brt=(\d{1,4}\.\d{3})\b/.exec(line.text.slice(-200));
  const values = measuredValues(line)
    .filter(({ unit, name }) => unit === 'ms' && !/deadline|timeout|limit|retry|wait/i.test(name))
    .map(({ value }) => value);
  const longest = Math.max(0, access ? Math.round(Number(access[1]) * 1_000) : 0, ...values);
  if (longest > STATED_MAX_MS) return 0;
  return longest > 0 && Number.isInteger(longest) ? longest + 0.5 : longest;
}

function spanIdOf({ fields }: LogLine): string | null {
  return fields['span_id'] ?? fields['spanId'] ?? fields['spanID'] ?? null;
}

function parentIdOf({ fields }: LogLine): string | null {
  return fields['parent_span_id'] ?? fields['parentSpanId'] ?? fields['parent_id'] ?? null;
}

function link(spans: readonly Span[]): void {
  const byId = new Map(spans.flatMap(({ spanId }, index) => (spanId === null ? [] : [[spanId, index]])));
  spans.forEach((span, index) => {
    const named = byId.get(span.lines[0] ? (parentIdOf(span.lines[0]) ?? '') : '');
    span.parent = named !== undefined && named < index ? named : callerOf(spans, index);
    const caller = spans[span.parent];
    span.asynchronous = caller !== undefined && caller.endMs + CLOCK_TOLERANCE_MS < span.startMs;
    span.depth = caller === undefined ? 0 : caller.depth + 1;
  });
}

/** The last begun span that contains it; else the last begun of another service that was open; else the first. */
function callerOf(spans: readonly Span[], index: number): number {
  const span = spans[index];
  if (span === undefined || index === 0) return -1;
  let open = -1;
  for (let at = index - 1; at >= Math.max(0, index - CALLERS_LOOKED_AT); at -= 1) {
    const other = spans[at];
    if (other === undefined || other.endMs + CLOCK_TOLERANCE_MS < span.startMs) continue;
    if (other.endMs + CLOCK_TOLERANCE_MS >= span.endMs) return at;
    if (open === -1 && other.service !== span.service) open = at;
  }
  return open === -1 ? 0 : open;
}

/** A callee that wrote nothing more until its caller said that no answer came was busy, or gone, until then. */
function extendUnanswered(spans: readonly Span[]): void {
  for (const span of spans) {
    if (span.lines.some(({ level }) => isErrorLevel(level))) continue;
    const caller = spans[span.parent];
    const next = caller?.lines.find(({ timeMs }) => timeMs > span.endMs);
    if (!next || (next.level !== 'warn' && !isErrorLevel(next.level))) continue;
    if (!GIVEN_UP.test(next.text) || !next.text.includes(span.service)) continue;
    span.unanswered = true;
    span.endMs = next.timeMs;
  }
}

function measureSelf(spans: readonly Span[]): void {
  const coveredUntil = spans.map(({ startMs }) => startMs);
  for (const span of spans) span.selfMs = span.endMs - span.startMs;
  // Spans come in order of their start, so each caller's time is covered from left to right.
  for (const span of spans) {
    const caller = spans[span.parent];
    if (caller === undefined || span.asynchronous) continue;
    const from = Math.max(span.startMs, coveredUntil[span.parent] ?? 0);
    const to = Math.min(span.endMs, caller.endMs);
    if (to <= from) continue;
    caller.selfMs -= to - from;
    coveredUntil[span.parent] = to;
  }
}
