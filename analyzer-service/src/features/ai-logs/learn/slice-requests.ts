import type { CorrelationRow } from '../../../database.ts';
import { type LogLine, isErrorLevel } from '../../../engine/log-line.ts';
import { requestCourse } from '../../../engine/requests/request-course.ts';
import { inTurns } from '../../../turns.ts';
import { requestIdOf } from '../request-id.ts';

const REQUESTS_MAX = 500;

/** Failed requests first, then those with most lines. */
export async function correlationsOf(
  lines: readonly LogLine[],
  requestIdFields: readonly string[],
): Promise<CorrelationRow[]> {
  const byRequest = new Map<string, { field: string; id: string; lines: LogLine[] }>();
  for (const line of lines) {
    const request = requestIdOf(line, requestIdFields);
    if (!request) continue;
    const key = `${request.field}\n${request.id}`;
    const known = byRequest.get(key);
    if (known) known.lines.push(line);
    else byRequest.set(key, { ...request, lines: [line] });
  }
  const failed = (of: readonly LogLine[]) => of.some(({ level }) => isErrorLevel(level));
  const followed = [...byRequest.values()]
    .sort((a, b) => Number(failed(b.lines)) - Number(failed(a.lines)) || b.lines.length - a.lines.length)
    .slice(0, REQUESTS_MAX);
  return inTurns(followed, ({ field, id, lines: own }) => {
    const inOrder = own.toSorted((a, b) => a.timeMs - b.timeMs);
    const course = requestCourse(inOrder);
    return {
      field,
      request_id: id,
      started_ms: Math.floor(course.startMs),
      duration_ms: course.durationMs,
      services: JSON.stringify([...new Set(inOrder.map(({ service }) => service))]),
      lines: own.length,
      broke_at: course.brokeAt?.service ?? null,
      bottleneck: course.bottleneck?.service ?? null,
    };
  });
}
