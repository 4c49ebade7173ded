import { type LogLine, type TimeRange, isErrorLevel } from '../../engine/log-line.ts';
import type { ReadContext } from './read-context.ts';
import { requestIdOf } from './request-id.ts';
import { escapeRegex, quote, selector } from '../../engine/logql/selector.ts';

const REQUESTS_MAX = 80;
const LINES_MAX = 4_000;

/**
 * A sample tears requests apart. This reads all lines of some requests that failed (or of any, where none failed), so
 * that the engine sees where they broke. Lines that the sample has already are left out; the others weigh nothing,
 * because the sample counts for them.
 */
export async function followRequests(
  context: ReadContext,
  range: TimeRange,
  sample: readonly LogLine[],
): Promise<readonly LogLine[]> {
  const byField = new Map<string, Set<string>>();
  for (const line of spreadOver(linesToFollow(sample, range), REQUESTS_MAX)) {
    const request = requestIdOf(line, context.requestIdFields);
    if (request) byField.set(request.field, (byField.get(request.field) ?? new Set()).add(request.id));
  }
  const known = new Set(sample.map(identity));
  const { labels, source, signal } = context;
  const pages = await Promise.all(
    [...byField].map(([field, ids]) => {
      const matching = quote([...ids].map(escapeRegex).join('|'));
      const query = `${selector({ ids: {} }, labels)} | ${field}=~${matching}`;
      return source.read('all lines of some requests', { query, range, limit: LINES_MAX, signal });
    }),
  );
  return pages
    .flat()
    .filter((line) => !known.has(identity(line)))
    .map((line) => ({ ...line, weight: 0 }));
}

function linesToFollow(sample: readonly LogLine[], range: TimeRange): readonly LogLine[] {
  const within = sample.filter(({ timeMs }) => timeMs >= range.startMs && timeMs < range.endMs);
  const failed = within.filter(({ level }) => isErrorLevel(level));
  return failed.length > 0 ? failed : within;
}

/** At most `count` of the lines, evenly spread, the first always among them. */
export function spreadOver(lines: readonly LogLine[], count: number): readonly LogLine[] {
  const stride = Math.max(1, lines.length / count);
  const picked: LogLine[] = [];
  for (let at = 0; at < lines.length; at += stride) {
    const line = lines[Math.floor(at)];
    if (line) picked.push(line);
  }
  return picked;
}

function identity({ timestampNs, service, text }: LogLine): string {
  return `${timestampNs}\n${service}\n${text}`;
}
