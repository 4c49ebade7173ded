import type { Finding } from '../../../engine/finding.ts';
import { type RequestCourse, requestCourse } from '../../../engine/requests/request-course.ts';
import { type LogLine, isErrorLevel } from '../../../engine/log-line.ts';
import { investigateWindow } from '../investigate-window.ts';
import { isoRange, isoTime } from '../iso-time.ts';
import type { ReadContext } from '../read-context.ts';
import { writeQueries } from '../write-answer.ts';
import { milliseconds, writeFinding, writeLine } from '../write-finding.ts';
import { describeRequest } from './describe-request.ts';
import { REQUEST_LINES_MAX, readRequest } from './read-request.ts';
import { recommend } from './recommend.ts';
import type { RequestAnswer } from './schema.ts';

const RELATED_MAX = 3;
const RELATED_LINES_READ = 4_000;
const MINUTE_MS = 60_000;

/** Path, timing, bottleneck and break of the request with this id. Throws `not_found`. */
export async function correlateRequest(
  context: ReadContext,
  id: readonly [name: string, value: string],
  limit: number,
): Promise<Omit<RequestAnswer, 'cached' | 'took_ms'>> {
  const lines = await readRequest(context, id);
  const course = requestCourse(lines);
  const path = [...new Set(course.spans.map(({ service }) => service))];
  const related = course.brokeAt ? await relatedFindings(context, course, course.brokeAt.service) : [];
  const field =
    Object.keys(context.filter.ids).find((name) => context.requestIdFields.includes(name)) ?? null;
  const cut = lines.length >= REQUEST_LINES_MAX;
  return {
    kind: 'request',
    id: { field, value: id[1] },
    window: isoRange(context.window),
    summary: describeRequest(course, path),
    status: course.brokeAt ? 'failed' : 'ok',
    started: isoTime(course.startMs),
    duration_ms: milliseconds(course.durationMs),
    path,
    ...writeCourse(course),
    related_findings: related.map((finding) => writeFinding(finding, context.labels)),
    recommendations: [...recommend(context, course, related)],
    lines: lines.slice(0, limit).map(writeLine),
    lines_left_out: Math.max(0, lines.length - limit),
    queries: writeQueries(context),
    warnings: [
      ...context.warnings,
      ...(cut
        ? [`Only ${REQUEST_LINES_MAX} lines of the request were read: what they miss is not told.`]
        : []),
    ],
  };
}

function writeCourse(
  course: RequestCourse,
): Pick<RequestAnswer, 'spans' | 'gaps' | 'bottleneck' | 'broke_at'> {
  const { bottleneck, brokeAt } = course;
  return {
    spans: course.spans.map((span) => ({
      service: span.service,
      span_id: span.spanId,
      parent: span.parent === -1 ? null : span.parent,
      depth: span.depth,
      offset_ms: milliseconds(span.startMs - course.startMs),
      duration_ms: milliseconds(span.endMs - span.startMs),
      self_ms: milliseconds(span.selfMs),
      lines: span.lines.length,
      errors: span.lines.filter(({ level }) => isErrorLevel(level)).length,
      asynchronous: span.asynchronous,
      unanswered: span.unanswered,
    })),
    gaps: course.gaps.map(({ before, after, gapMs }) => ({
      gap_ms: milliseconds(gapMs),
      from: isoTime(before.timeMs),
      after_service: before.service,
      after_line: firstLine(before),
      before_service: after.service,
      before_line: firstLine(after),
    })),
    bottleneck: bottleneck && {
      service: bottleneck.service,
      self_ms: milliseconds(bottleneck.selfMs),
      share: Math.round(bottleneck.share * 1_000) / 1_000,
    },
    broke_at: brokeAt && {
      service: brokeAt.service,
      how: brokeAt.how,
      followers: [...brokeAt.followers],
      line: writeLine(brokeAt.line),
    },
  };
}

/** What else went wrong around the request where it broke and below, against the time before. */
async function relatedFindings(
  context: ReadContext,
  course: RequestCourse,
  brokeIn: string,
): Promise<readonly Finding[]> {
  const startMs = Math.floor(course.startMs / MINUTE_MS) * MINUTE_MS - 5 * MINUTE_MS;
  const called = course.spans.filter(({ parent }) => course.spans[parent]?.service === brokeIn);
  const services = [...new Set([brokeIn, ...called.map(({ service }) => service)])].filter(Boolean);
  const { result } = await investigateWindow({
    ...context,
    window: { startMs, endMs: startMs + 10 * MINUTE_MS },
    baseline: { startMs: startMs - 10 * MINUTE_MS, endMs: startMs },
    filter: { services, ids: {} },
    linesReadMax: Math.min(context.linesReadMax, RELATED_LINES_READ),
  });
  return result.findings.filter(({ severity }) => severity !== 'info').slice(0, RELATED_MAX);
}

function firstLine({ text }: LogLine): string {
  return text.split('\n', 1)[0]?.slice(0, 500) ?? '';
}
