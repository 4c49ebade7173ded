import { type RequestCourse, requestCourse } from '../../../engine/requests/request-course.ts';
import type { LogLine } from '../../../engine/log-line.ts';
import { isoTime } from '../iso-time.ts';
import { type ModelCall, addTokens, isEnded, readModelCall } from '../model-call.ts';
import { requestIdOf } from '../request-id.ts';
import { milliseconds, writeLine } from '../write-finding.ts';
import type { ConversationAnswer } from './schema.ts';

/** What one message of the user led to: all lines of one request. */
export interface Turn {
  /** 1 for the first. */
  readonly number: number;
  readonly request: { readonly field: string; readonly id: string } | null;
  readonly lines: readonly LogLine[];
  readonly calls: readonly ModelCall[];
  readonly course: RequestCourse;
}

/** A turn a request; lines that belong to no request are a turn each when they tell of a call of a model. */
export function turnsOf(lines: readonly LogLine[], requestIdFields: readonly string[]): readonly Turn[] {
  const groups = new Map<string, { request: Turn['request']; lines: LogLine[] }>();
  lines.forEach((line, index) => {
    const request = requestIdOf(line, requestIdFields);
    if (request === null && readModelCall(line) === null) return;
    const key = request?.id ?? `line ${index}`;
    const group = groups.get(key) ?? { request, lines: [] };
    groups.set(key, group);
    group.lines.push(line);
  });
  return [...groups.values()].map((group, index) => ({
    number: index + 1,
    ...group,
    calls: group.lines.flatMap((line) => readModelCall(line) ?? []).filter(({ model }) => model !== null),
    course: requestCourse(group.lines),
  }));
}

export function writeTurn({
  number,
  request,
  lines,
  calls,
  course,
}: Turn): ConversationAnswer['turns'][number] {
  const latencies = calls.flatMap(({ latencyMs }) => latencyMs ?? []);
  return {
    turn: number,
    request: request && { field: request.field, value: request.id },
    started: isoTime(course.startMs),
    duration_ms: milliseconds(course.durationMs),
    models: [...new Set(calls.flatMap(({ model }) => model ?? []))],
    calls: calls.filter(isEnded).length,
    retries: calls.filter(({ outcome }) => outcome === 'retried').length,
    tokens: addTokens(calls),
    latency_ms: latencies.length > 0 ? milliseconds(latencies.reduce((sum, ms) => sum + ms, 0)) : null,
    status: course.brokeAt ? 'failed' : 'ok',
    error: course.brokeAt && writeLine(course.brokeAt.line),
    lines: lines.length,
  };
}
