import { writeSummary } from '../../../engine/summary/write-summary.ts';
import { answerQuery } from '../answer-query.ts';
import { total } from '../count-lines.ts';
import { historyOf } from '../finding-history.ts';
import { investigateWindow } from '../investigate-window.ts';
import { isoRange } from '../iso-time.ts';
import type { AiLogsOptions } from '../read-context.ts';
import { writeCoverage, writeQueries } from '../write-answer.ts';
import { writeFinding } from '../write-finding.ts';
import type { AnalyzeAnswer, AnalyzeQuery } from './schema.ts';
import { patternWriter, withHistory, withParameters } from './write-pattern.ts';

/** The patterns of a window, changed ones first, and its anomalies. Throws like answerQuery. */
export async function analyze(
  options: AiLogsOptions,
  query: AnalyzeQuery,
  signal: AbortSignal,
): Promise<AnalyzeAnswer> {
  return answerQuery(options, 'analyze', query, signal, async (context) => {
    const { window, baseline, labels, warnings } = context;
    const reading = await investigateWindow(context);
    const { findings, suspects, templates } = reading.result;
    const lines = total(reading.counts);
    const history = await historyOf(context, findings.slice(0, query.limit));
    const ranked = templates
      .map(patternWriter(context, reading.lines))
      .sort((a, b) => Number(b.pinned) - Number(a.pinned) || Number(b.significant) - Number(a.significant));
    const listed = await withParameters(ranked.slice(0, query.limit), reading.parametersOf);
    const patterns = await withHistory(context, listed, templates);
    return {
      window: isoRange(window),
      baseline: baseline && isoRange(baseline),
      summary: writeSummary({ findings, suspects, counts: reading.counts, baseline }),
      lines,
      baseline_lines: total(reading.baselineCounts),
      patterns,
      patterns_found: templates.length,
      patterns_rest: lines - patterns.reduce((sum, { count }) => sum + count, 0),
      patterns_estimated: reading.cut,
      anomalies: findings.slice(0, query.limit).map((finding) => writeFinding(finding, labels, history)),
      anomalies_left_out: Math.max(0, findings.length - query.limit),
      anomalies_muted: reading.muted,
      coverage: writeCoverage(reading),
      queries: writeQueries(context),
      warnings: [...warnings],
    };
  });
}
