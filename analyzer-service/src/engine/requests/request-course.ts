import { type LogLine, isErrorLevel } from '../log-line.ts';
import { type Span, spansOf } from './spans.ts';

/** What happened to one request, from its lines. */
export interface RequestCourse {
  readonly startMs: number;
  /** From the start of the first span to the end of what it waited for. */
  readonly durationMs: number;
  /** In order of their start. */
  readonly spans: readonly Span[];
  /** The longest times in which nobody wrote anything, longest first: at most 5. */
  readonly gaps: readonly Gap[];
  /** The service with the most time of its own in all its spans; null for a request of no duration. */
  readonly bottleneck: Bottleneck | null;
  /** Null when no line is an error. */
  readonly brokeAt: RequestFailure | null;
}

interface Bottleneck {
  readonly service: string;
  readonly selfMs: number;
  /** Of the request's duration, at most 1. */
  readonly share: number;
}

interface Gap {
  readonly before: LogLine;
  readonly after: LogLine;
  readonly gapMs: number;
}

interface RequestFailure {
  readonly service: string;
  /** `error`: it wrote the first error. `silence`: it never answered, and its caller's error is the first. */
  readonly how: 'error' | 'silence';
  /** The first error, or the last line before the silence. */
  readonly line: LogLine;
  /** Services that wrote errors after it, in that order, without the service itself. */
  readonly followers: readonly string[];
}

/** Follows one request. Linear in its lines but for the search of callers, which is bounded. Throws for no lines. */
export function requestCourse(lines: readonly LogLine[]): RequestCourse {
  const spans = spansOf(lines);
  const [first] = spans;
  if (first === undefined) throw new RangeError('A request has at least one line');
  const waited = spans.filter(({ asynchronous, parent }) => !asynchronous || parent === -1);
  const endMs = Math.max(first.endMs, ...waited.filter(({ depth }) => depth <= 1).map(({ endMs }) => endMs));
  const durationMs = endMs - first.startMs;
  return {
    startMs: first.startMs,
    durationMs,
    spans,
    gaps: longestGaps(spans),
    bottleneck: findBottleneck(waited, durationMs, endMs),
    brokeAt: findFailure(spans),
  };
}

/** Time after the end of the request held nobody up. */
function findBottleneck(spans: readonly Span[], durationMs: number, endMs: number): Bottleneck | null {
  if (durationMs <= 0) return null;
  const byService = new Map<string, number>();
  for (const { service, selfMs, startMs } of spans) {
    const inTimeMs = Math.max(0, Math.min(selfMs, endMs - startMs));
    byService.set(service, (byService.get(service) ?? 0) + inTimeMs);
  }
  const [slowest] = [...byService].sort(([, a], [, b]) => b - a);
  if (slowest === undefined) return null;
  const [service, selfMs] = slowest;
  return { service, selfMs, share: Math.min(1, selfMs / durationMs) };
}

const GAPS_MAX = 5;
const SAME_ANSWER_MS = 1;

function longestGaps(spans: readonly Span[]): readonly Gap[] {
  const lines = spans.flatMap((span) => span.lines).sort((a, b) => a.timeMs - b.timeMs);
  return lines
    .slice(1)
    .map((after, index): Gap => {
      const before = lines[index] ?? after;
      return { before, after, gapMs: after.timeMs - before.timeMs };
    })
    .filter(({ gapMs }) => gapMs > 0)
    .sort((a, b) => b.gapMs - a.gapMs)
    .slice(0, GAPS_MAX);
}

/**
 * The first error. Errors within a millisecond are one answer on its way back, the deepest wrote it first; and before
 * an error of a caller whose callee never answered stands that callee's silence.
 */
function findFailure(spans: readonly Span[]): RequestFailure | null {
  const errors = spans
    .flatMap((span) => span.lines.filter(({ level }) => isErrorLevel(level)).map((line) => ({ line, span })))
    .sort((a, b) => a.line.timeMs - b.line.timeMs);
  const earliestMs = errors[0]?.line.timeMs;
  if (earliestMs === undefined) return null;
  const together = errors.filter(({ line }) => line.timeMs - earliestMs <= SAME_ANSWER_MS);
  const first = together.reduce((deep, error) => (error.span.depth > deep.span.depth ? error : deep));
  const silent = spans.find(
    ({ unanswered, endMs, parent }) =>
      unanswered && endMs <= earliestMs + SAME_ANSWER_MS && spans[parent] === first.span,
  );
  const lastWords = silent?.lines.at(-1);
  const service = silent?.service ?? first.line.service;
  const followers = new Set(errors.map(({ line }) => line.service).filter((other) => other !== service));
  return {
    service,
    how: lastWords ? 'silence' : 'error',
    line: lastWords ?? first.line,
    followers: [...followers],
  };
}
