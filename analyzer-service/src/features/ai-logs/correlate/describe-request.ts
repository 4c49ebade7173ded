import type { RequestCourse } from '../../../engine/requests/request-course.ts';
import { clockTime, duration, listed, named, percent, quoted } from '../../../engine/findings/wording.ts';

/** The course of a request in two or three sentences. */
export function describeRequest(course: RequestCourse, path: readonly string[]): string {
  const { brokeAt, bottleneck, durationMs, spans } = course;
  const whole = `${duration(durationMs)} through ${listed(path.map(named), 8)} in ${spans.length} span${spans.length === 1 ? '' : 's'}.`;
  return [whole, brokeAt ? failureSentence(brokeAt) : 'No line of it is an error.', slowSentence(bottleneck)]
    .filter(Boolean)
    .join(' ');
}

function failureSentence({ service, how, line, followers }: NonNullable<RequestCourse['brokeAt']>): string {
  const where =
    how === 'silence'
      ? `It broke in ${named(service)}, which never answered: its last line, at ${clockTime(line.timeMs)}, is ${quoted(line.text)}`
      : `It broke in ${named(service)} at ${clockTime(line.timeMs)}: ${quoted(line.text)}`;
  return followers.length > 0 ? `${where}; ${listed(followers.map(named), 5)} failed after it.` : `${where}.`;
}

function slowSentence(bottleneck: RequestCourse['bottleneck']): string {
  if (!bottleneck) return '';
  const { service, selfMs, share } = bottleneck;
  return `Most time of its own has ${named(service)}: ${duration(selfMs)}, ${percent(share)} of the whole.`;
}
