import type { PatternNote } from '../../../engine/library/pattern-set.ts';
import { parsePinnedPattern } from '../../../engine/templates/pinned-pattern.ts';
import type { LogLine } from '../../../engine/log-line.ts';
import { escapeRegex, quote, selector } from '../../../engine/logql/selector.ts';
import { inTurns } from '../../../turns.ts';
import { isoRange } from '../iso-time.ts';
import { type AiLogsOptions, type ReadContext, withReadContext } from '../read-context.ts';
import { timeWindow } from '../time-window.ts';
import { writeQueries } from '../write-answer.ts';
import { writeLine } from '../write-finding.ts';
import { compilePatterns, ownNote } from './check-pattern.ts';
import type { PatternTest, TestedPattern } from './schema.ts';

const LINES_READ = 5_000;
const EXAMPLES_MAX = 5;
const NAME = 'the tested pattern';

/** How many lines of a window the pattern would take, with examples. Throws like answerQuery. */
export async function testPattern(
  options: AiLogsOptions,
  tested: TestedPattern,
  signal: AbortSignal,
): Promise<PatternTest> {
  const startedMs = options.clock();
  const note = ownNote('own-test', {
    ...tested,
    name: NAME,
    category: 'infrastructure',
    severity: 'info',
    causes: [],
    next_steps: [],
    pinned: false,
    muted: false,
  });
  const { match } = compilePatterns([note]);
  const { services, severity, time_range, start, end, too_large } = tested;
  const times = timeWindow({ time_range, start, end }, startedMs, options.windowHoursMax);
  return withReadContext(options, { services, severity, too_large }, times, signal, async (context) => {
    const { filter, labels, source, window, warnings } = context;
    const all = selector(filter, labels);
    const query = `${all} ${narrowing(note)}`;
    const request = { range: window, signal: context.signal };
    const [lines, candidates, read] = await Promise.all([
      count(context, 'lines of the window', all),
      count(context, 'lines with the words of the pattern', query),
      source.read('lines with the words of the pattern', { query, limit: LINES_READ, ...request }),
    ]);
    const taken = await inTurns(read, ({ text }) => match(text)?.id === note.id);
    const matching = read.filter((_, index) => taken[index]);
    const estimated = read.length < candidates;
    const scale = estimated ? candidates / Math.max(1, read.length) : 1;
    return {
      window: isoRange(window),
      lines,
      candidates,
      lines_read: read.length,
      matches: Math.round(matching.length * scale),
      estimated,
      by_service: byService(matching, scale),
      examples: matching.slice(-EXAMPLES_MAX).map(writeLine),
      queries: writeQueries(context),
      warnings: [...warnings],
      took_ms: Math.round(options.clock() - startedMs),
    };
  });
}

/** LogQL that lets through every line that can match. */
function narrowing({ text, definition }: PatternNote): string {
  if (text === null) {
    const literals = (definition?.literals ?? []).map(escapeRegex).join('|');
    return `|~ ${quote(`(?i)${literals}`)}`;
  }
  // Blanks of a wording stand for any white space, so its words are looked for one by one.
  return parsePinnedPattern(NAME, text)
    .literals.flatMap((literal) => literal.split(' '))
    .filter((word) => word !== '')
    .sort((a, b) => b.length - a.length)
    .slice(0, 3)
    .map((word) => `|= ${quote(word)}`)
    .join(' ');
}

async function count({ source, window, signal }: ReadContext, purpose: string, lines: string) {
  const query = `sum(count_over_time(${lines} [$step]))`;
  const stepMs = window.endMs - window.startMs;
  const [series] = await source.count(purpose, { query, range: window, stepMs, signal });
  return series?.values[0] ?? 0;
}

function byService(lines: readonly LogLine[], scale: number): PatternTest['by_service'] {
  const counts = new Map<string, number>();
  for (const { service } of lines) counts.set(service, (counts.get(service) ?? 0) + 1);
  return [...counts]
    .map(([service, matches]) => ({ service, matches: Math.round(matches * scale) }))
    .sort((a, b) => b.matches - a.matches);
}
