import { percent, plural } from '../../../engine/findings/wording.ts';
import type { CountSeries } from '../../../engine/investigation/exact-counts.ts';
import { LEVELS, type TimeRange, isErrorLevel } from '../../../engine/log-line.ts';
import { answerQuery } from '../answer-query.ts';
import { countLines, overTime, total, totalByLevel } from '../count-lines.ts';
import { isoRange } from '../iso-time.ts';
import { latencyByService } from '../latency-by-service.ts';
import type { AiLogsOptions } from '../read-context.ts';
import { readSample } from '../read-sample.ts';
import { stepOf } from '../time-window.ts';
import { writeQueries } from '../write-answer.ts';
import type { MetricsAnswer, MetricsQuery } from './schema.ts';

/** Latency is known well enough from this many lines. */
const LATENCY_LINES_MAX = 5_000;

/** Figures of a window: counts of every line, latency from a sample. Throws like answerQuery. */
export async function measureWindow(
  options: AiLogsOptions,
  query: MetricsQuery,
  signal: AbortSignal,
): Promise<MetricsAnswer> {
  return answerQuery(options, 'metrics', query, signal, async (context) => {
    const { window } = context;
    const counts = await countLines(context, window, 'lines by service and level');
    const linesMax = Math.min(context.linesReadMax, LATENCY_LINES_MAX);
    const lines = await readSample(context, window, counts, linesMax);
    const latency = new Map((await latencyByService(lines, [])).map((one) => [one.service, one]));
    const totals = figures(counts, window);
    const usual = await context.history.usual(window);
    const byService = Map.groupBy(counts, ({ service }) => service);
    return {
      window: isoRange(window),
      summary: describe(totals, byService.size),
      step_ms: stepOf(window),
      totals,
      by_level: totalByLevel(counts),
      over_time: stepsOf(counts),
      levels_over_time: levelsOverTime(counts),
      by_service: [...byService]
        .map(([service, own]) => ({
          service,
          ...figures(own, window),
          over_time: stepsOf(own),
          usual: usual.get(service) ?? null,
          latency: writeLatency(latency.get(service)),
        }))
        .sort((a, b) => b.lines - a.lines || (a.service < b.service ? -1 : 1)),
      coverage: {
        lines_counted: totals.lines,
        lines_read: lines.length,
        cut: lines.length < totals.lines,
        note: `${plural(totals.lines, 'line')} counted; latency is that of ${lines.length.toLocaleString('en')} lines that were read.`,
      },
      queries: writeQueries(context),
      warnings: [...context.warnings],
    };
  });
}

function figures(counts: readonly CountSeries[], { startMs, endMs }: TimeRange): MetricsAnswer['totals'] {
  const lines = total(counts);
  const errors = total(counts.filter(({ level }) => isErrorLevel(level)));
  return {
    lines,
    errors,
    error_share: lines > 0 ? Math.round((errors / lines) * 1e6) / 1e6 : 0,
    lines_per_second: Math.round((lines / (endMs - startMs)) * 1e6) / 1e3,
  };
}

/** A value a step, also where a service or a level has no series at all. */
function stepsOf(counts: readonly CountSeries[]): MetricsAnswer['over_time'] {
  const lines = overTime(counts);
  const errors = overTime(counts.filter(({ level }) => isErrorLevel(level)));
  return { lines, errors: lines.map((_, step) => errors[step] ?? 0) };
}

function levelsOverTime(counts: readonly CountSeries[]): MetricsAnswer['levels_over_time'] {
  const byLevel = Map.groupBy(counts, ({ level }) => level);
  return Object.fromEntries(
    LEVELS.filter((level) => byLevel.has(level)).map((level) => [level, overTime(byLevel.get(level) ?? [])]),
  );
}

function writeLatency(
  latency: Awaited<ReturnType<typeof latencyByService>>[number] | undefined,
): MetricsAnswer['by_service'][number]['latency'] {
  if (!latency) return null;
  const { lines, p50_ms, p95_ms, p99_ms } = latency;
  return { lines, p50_ms, p95_ms, p99_ms };
}

function describe(
  { lines, error_share, lines_per_second }: MetricsAnswer['totals'],
  services: number,
): string {
  if (lines === 0) return 'No lines in this window: nothing can be said about it.';
  return `${plural(lines, 'line')} of ${plural(services, 'service')}, ${lines_per_second.toLocaleString('en')} a second; ${percent(error_share)} of them are errors.`;
}
