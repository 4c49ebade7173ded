import type { RequestCourse } from '../../../engine/requests/request-course.ts';
import type { Finding } from '../../../engine/finding.ts';
import { clockTime, duration, named } from '../../../engine/findings/wording.ts';
import { type LogLine, isErrorLevel } from '../../../engine/log-line.ts';
import { evidenceQuery } from '../evidence-query.ts';
import type { ReadContext } from '../read-context.ts';
import { levelFilter, selector } from '../../../engine/logql/selector.ts';
import type { RequestAnswer } from './schema.ts';

type Recommendation = RequestAnswer['recommendations'][number];

const SLOW_MS = 100;
const SLOW_SHARE = 0.5;
const RECOMMENDATIONS_MAX = 8;
const FAILURES_MAX = 3;

/** What to do next, surest first: known patterns of what went wrong, then where to look. */
export function recommend(
  { labels, patterns }: ReadContext,
  course: RequestCourse,
  related: readonly Finding[],
): readonly Recommendation[] {
  const { brokeAt, bottleneck } = course;
  const steps: Recommendation[] = [];
  for (const line of failures(course)) {
    const pattern = patterns.match(line.text);
    const query = evidenceQuery({ service: line.service, template: null, evidence: [line] }, labels);
    for (const text of pattern?.nextSteps.slice(0, 2) ?? []) steps.push({ text, query });
  }
  for (const finding of related) {
    const query = evidenceQuery(finding, labels);
    for (const text of finding.pattern?.nextSteps.slice(0, 2) ?? []) steps.push({ text, query });
  }
  const linesOf = (service: string) => selector({ services: [service].filter(Boolean), ids: {} }, labels);
  if (brokeAt?.how === 'error')
    steps.push({
      text: `Look at the other errors of ${named(brokeAt.service)} around ${clockTime(brokeAt.line.timeMs)}: is it this request only?`,
      query: `${linesOf(brokeAt.service)} ${levelFilter(['error', 'fatal'], labels)}`,
    });
  if (brokeAt?.how === 'silence')
    steps.push({
      text: `${named(brokeAt.service)} did not answer: look at what else it did from ${clockTime(brokeAt.line.timeMs)} on, at its pools, queues and restarts.`,
      query: linesOf(brokeAt.service),
    });
  for (const finding of related)
    steps.push({
      text: `This request is not alone: ${finding.title}.`,
      query: evidenceQuery(finding, labels),
    });
  if (bottleneck && bottleneck.share >= SLOW_SHARE && bottleneck.selfMs >= SLOW_MS)
    steps.push({
      text: `${duration(bottleneck.selfMs)} went into ${named(bottleneck.service)} alone: compare with its usual latency, with mode=performance of /query.`,
      query: linesOf(bottleneck.service),
    });
  const seen = new Set<string>();
  return steps.filter(({ text }) => !seen.has(text) && seen.add(text)).slice(0, RECOMMENDATIONS_MAX);
}

/** The line where it broke, and then what was written before it was over: warnings and errors by time. */
function failures({ brokeAt, spans }: RequestCourse): readonly LogLine[] {
  const others = spans
    .flatMap(({ lines }) => lines.filter(({ level }) => level === 'warn' || isErrorLevel(level)))
    .sort((a, b) => a.timeMs - b.timeMs);
  return [...(brokeAt ? [brokeAt.line] : []), ...others].slice(0, FAILURES_MAX);
}
