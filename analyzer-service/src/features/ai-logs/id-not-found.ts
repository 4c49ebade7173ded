import type { TimeRange } from '../../engine/log-line.ts';
import { AppError } from '../../errors.ts';
import { isoTime } from './iso-time.ts';
import type { ReadContext } from './read-context.ts';
import { selector } from '../../engine/logql/selector.ts';

const LINES_LOOKED_AT = 500;
const DAY_MS = 24 * 3_600_000;
const EXAMPLES_MAX = 10;
const ID_NAME = /(?:^|_|\b)(?:id|ids|uuid)$|[a-z]I[dD]$|correlation|trace/;

/** The error for an id that no line of the window has: which ids there are, and how to look further. */
export async function idNotFound(context: ReadContext, name: string, value: string): Promise<AppError> {
  const { labels, source, window, history, signal } = context;
  const query = selector({ ids: {} }, labels);
  const [lines, carried] = await Promise.all([
    source.read('which ids lines carry', { query, range: window, limit: LINES_LOOKED_AT, signal }),
    source.carriedFields({ query, range: window, signal }),
  ]);
  const seen = await history.whenSeen(name, value);
  if (seen && (seen.endMs < window.startMs || seen.startMs >= window.endMs))
    return seenElsewhere(name, value, seen);
  const when = `between ${isoTime(window.startMs)} and ${isoTime(window.endMs)}`;
  if (lines.length === 0)
    return new AppError('not_found', `There are no lines at all ${when}. Ask for another start and end.`);
  const examples = new Map<string, string>();
  for (const { fields } of lines)
    for (const [field, id] of Object.entries(fields)) if (ID_NAME.test(field)) examples.set(field, id);
  const rarer = (carried ?? []).filter((field) => ID_NAME.test(field) && !examples.has(field));
  const existing = [
    ...[...examples].map(([field, id]) => `${field} (such as ${id.slice(0, 60)})`).sort(),
    ...rarer,
  ];
  return new AppError(
    'not_found',
    `No line ${when} carries or contains ${name} ${value}. ${
      existing.length > 0
        ? `Lines there carry ${existing.slice(0, EXAMPLES_MAX).join(', ')}.`
        : 'Lines there carry no ids as structured metadata.'
    } Check the id, or look further back, for example with time_range=${window.endMs - window.startMs < DAY_MS ? '24h' : '7d'}.`,
  );
}

/** The background job followed it: the answer is one question away. */
function seenElsewhere(name: string, value: string, { startMs, endMs }: TimeRange): AppError {
  const start = isoTime(startMs - AROUND_MS);
  const end = isoTime(endMs + AROUND_MS);
  return new AppError(
    'not_found',
    `No line of this window carries ${name} ${value}, but it was seen from ${isoTime(startMs)} on. Ask with start=${start} and end=${end}.`,
  );
}

const AROUND_MS = 60_000;
