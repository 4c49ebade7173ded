import { type LogLine, type TimeRange, isErrorLevel } from '../../engine/log-line.ts';
import type { ReadContext } from './read-context.ts';
import { requestIdOf } from './request-id.ts';
import { escapeRegex, quote, selector } from '../../engine/logql/selector.ts';

/** As many of requests that failed as of any. */
const FAILED_REQUESTS_MAX = 150;
const OTHER_REQUESTS_MAX = 350;
const LINES_MAX = 25_000;
/** Ids in one query, together: each query reads the metadata of the whole window, and Loki takes 128 KB of query. */
const ID_CHARACTERS_A_QUERY_MAX = 20_000;

/**
 * A sample tears requests apart. This reads all lines of some requests that failed and of some others, so that the
 * engine sees where they broke and how they go otherwise. Lines that the sample has already are left out; the others
 * weigh nothing, because the sample counts for them.
 */
export async function followRequests(
  context: ReadContext,
  range: TimeRange,
  sample: readonly LogLine[],
): Promise<readonly LogLine[]> {
  const byField = new Map<string, Set<string>>();
  for (const line of linesToFollow(sample, range, context.requestIdFields)) {
    const request = requestIdOf(line, context.requestIdFields);
    if (request) byField.set(request.field, (byField.get(request.field) ?? new Set()).add(request.id));
  }
  const { labels, source, signal } = context;
  const pages = await Promise.all(
    [...byField].flatMap(([field, ids]) =>
      inPatterns(ids).map((pattern) => {
        const query = `${selector({ ids: {} }, labels)} | ${field}=~${quote(pattern)}`;
        return source.read('all lines of some requests', { query, range, limit: LINES_MAX, signal });
      }),
    ),
  );
  const known = Map.groupBy(sample, ({ timestampNs }) => timestampNs);
  const isKnown = ({ timestampNs, service, text }: LogLine) =>
    known.get(timestampNs)?.some((line) => line.service === service && line.text === text) ?? false;
  return pages
    .flat()
    .filter((line) => !isKnown(line))
    .map((line) => ({ ...line, weight: 0 }));
}

function linesToFollow(
  sample: readonly LogLine[],
  range: TimeRange,
  fields: readonly string[],
): readonly LogLine[] {
  const within = sample.filter(
    (line) => line.timeMs >= range.startMs && line.timeMs < range.endMs && requestIdOf(line, fields) !== null,
  );
  const failed = within.filter(({ level }) => isErrorLevel(level));
  return [...spreadOver(failed, FAILED_REQUESTS_MAX), ...spreadOver(within, OTHER_REQUESTS_MAX)];
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

/** Patterns that find the ids, of bounded length each. */
function inPatterns(ids: Iterable<string>): string[] {
  const patterns: string[] = [];
  let pattern = '';
  for (const id of ids) {
    if (pattern.length > 0 && pattern.length + id.length > ID_CHARACTERS_A_QUERY_MAX) {
      patterns.push(pattern);
      pattern = '';
    }
    pattern += `${pattern === '' ? '' : '|'}${escapeRegex(id)}`;
  }
  return pattern === '' ? patterns : [...patterns, pattern];
}
