import type { CountSeries } from '../../engine/investigation/exact-counts.ts';
import { Investigation, type InvestigationResult } from '../../engine/investigation/investigation.ts';
import type { LogLine } from '../../engine/log-line.ts';
import type { TemplateParameter } from '../../engine/templates/template.ts';
import { countLines, sumOf, total } from './count-lines.ts';
import { followRequests } from './follow-requests.ts';
import type { ReadContext } from './read-context.ts';
import { readSample, shareOut } from './read-sample.ts';
import { eachInTurns, nextTurn } from '../../turns.ts';

/** What was counted, what was read of it, and what the engine made of it. */
export interface WindowReading {
  readonly counts: readonly CountSeries[];
  readonly baselineCounts: readonly CountSeries[];
  /** The sample, without the lines of followed requests. */
  readonly lines: readonly LogLine[];
  readonly baselineLines: readonly LogLine[];
  /** All lines of both windows that the filter selects. */
  readonly linesCounted: number;
  readonly linesRead: number;
  /** True when fewer lines were read than counted. */
  readonly cut: boolean;
  /** Changes that are no finding because somebody muted their pattern. */
  readonly muted: number;
  readonly result: InvestigationResult;
  /** Values of a template by its id, over the lines of both windows that were read. */
  readonly parametersOf: (templateId: string) => readonly TemplateParameter[];
}

/**
 * Lines read of a window that is too large to be read whole, its baseline included. On the sample faults, at up to 139
 * lines a second, two and a half times as many find no cause that these do not.
 */
const SAMPLE_LINES = 20_000;

/**
 * Count everything, read what the budget allows, follow some requests whole, and let the engine look at it. Answers of
 * different endpoints and modes that need the same at one time share one reading: nobody may change it.
 */
export async function investigateWindow(context: ReadContext): Promise<WindowReading> {
  const { window, baseline, filter, linesReadMax, patterns, signal } = context;
  const question = { window, baseline, filter, linesReadMax, patterns: patterns.version };
  const { reading, runs } = await context.cache.share(question, signal, async (shared) => {
    const source = context.source.fresh();
    return { reading: await readWindow({ ...context, source, signal: shared }), runs: source.runs };
  });
  context.source.adopt(runs);
  return reading;
}

async function readWindow(context: ReadContext): Promise<WindowReading> {
  const { window, baseline, patterns } = context;
  const [counts, baselineCounts] = await Promise.all([
    countLines(context, window, 'lines by service and level'),
    baseline ? countLines(context, baseline, 'the same in the baseline') : [],
  ]);
  const demands = [total(counts), total(baselineCounts)];
  const readsAll = sumOf(demands) <= context.linesReadMax;
  const budget = readsAll ? context.linesReadMax : Math.min(SAMPLE_LINES, context.linesReadMax);
  const [windowBudget = 0, baselineBudget = 0] = shareOut(budget, demands);
  const [lines, baselineLines] = await Promise.all([
    readSample(context, window, counts, windowBudget),
    baseline ? readSample(context, baseline, baselineCounts, baselineBudget) : [],
  ]);
  const linesRead = lines.length + baselineLines.length;
  const linesCounted = total(counts) + total(baselineCounts);
  const cut = linesRead < linesCounted;
  const partOfTheWindow = cut || context.filter.levels || context.filter.search || context.filter.services;
  const [requests, baselineRequests] = partOfTheWindow
    ? await Promise.all([
        followRequests(context, window, lines),
        baseline ? followRequests(context, baseline, baselineLines) : [],
      ])
    : [[], []];

  const investigation = new Investigation({
    window,
    baseline: baseline ? [baseline] : [],
    knownPatterns: patterns.match,
    namedPatterns: patterns.named,
    isMuted: patterns.isMuted,
  });
  investigation.addCounts([...counts, ...baselineCounts]);
  for (const part of [baselineLines, lines, baselineRequests, requests])
    await eachInTurns(part, (line) => investigation.add(line));
  const result = await finishInTurns(investigation);
  return {
    counts,
    baselineCounts,
    lines,
    baselineLines,
    linesCounted,
    linesRead: linesRead + requests.length + baselineRequests.length,
    cut,
    muted: result.mutedAnomalies,
    result,
    parametersOf: (templateId) => investigation.parametersOf(templateId),
  };
}

async function finishInTurns(investigation: Investigation): Promise<InvestigationResult> {
  const turns = investigation.finishInTurns();
  for (;;) {
    const turn = turns.next();
    if (turn.done === true) return turn.value;
    await nextTurn();
  }
}
