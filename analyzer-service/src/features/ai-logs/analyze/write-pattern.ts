import type { TemplateCount } from '../../../engine/investigation/investigation.ts';
import type { LogLine } from '../../../engine/log-line.ts';
import type { TemplateParameter } from '../../../engine/templates/template.ts';
import { inTurns } from '../../../turns.ts';
import { evidenceQuery } from '../evidence-query.ts';
import { isoTime } from '../iso-time.ts';
import type { ReadContext } from '../read-context.ts';
import { writeLine } from '../write-finding.ts';
import type { AnalyzeAnswer } from './schema.ts';

type Pattern = AnalyzeAnswer['patterns'][number];

/** Writes a template as the API says it, with what people said about it. */
export function patternWriter(
  { window, baseline, labels, patterns }: ReadContext,
  lines: readonly LogLine[],
): (template: TemplateCount) => Pattern {
  const sampled = new Set(lines.flatMap((line) => (line.weight > 1 ? [key(line.level, line.service)] : [])));
  const scale = baseline ? (window.endMs - window.startMs) / (baseline.endMs - baseline.startMs) : 1;
  return (template) => {
    const { id, text, service, level, firstLine, lastMs, series, pattern, isChanged } = template;
    const note = patterns.noteOf(id);
    return {
      id,
      text,
      name: note?.name ?? null,
      pinned: note?.pinned ?? false,
      muted: patterns.isMuted(id, pattern?.id ?? null),
      service,
      level,
      count: Math.floor(template.windowCount),
      estimated: sampled.has(key(level, service)),
      baseline_count: Math.round(template.baselineCount * scale * 10) / 10,
      change: baseline ? changeOf(template, scale) : 'unknown',
      significant: isChanged,
      first_seen: firstLine && isoTime(firstLine.timeMs),
      last_seen: lastMs === null ? null : isoTime(lastMs),
      history: null,
      series: series.map((count) => Math.round(count * 10) / 10),
      known_pattern: pattern && { id: pattern.id, category: pattern.category, meaning: pattern.meaning },
      parameters: [],
      example: firstLine && writeLine(firstLine),
      query: evidenceQuery(
        { service, template: { id, text }, evidence: firstLine ? [firstLine] : [] },
        labels,
      ),
    };
  };
}

const TOP_VALUES_MAX = 5;
/** Where more differ, a value that one sampled line had would stand for many lines that have others. */
const VALUES_COUNTED_MAX = 64;

/** The same patterns with the values that stood in their places. */
export function withParameters(
  patterns: readonly Pattern[],
  parametersOf: (id: string) => readonly TemplateParameter[],
): Promise<Pattern[]> {
  return inTurns(patterns, (pattern) => ({
    ...pattern,
    parameters: parametersOf(pattern.id).map(({ name, values: { type, count, distinct, top, numbers } }) => ({
      name,
      type,
      count: Math.round(count),
      distinct,
      top: top.slice(0, TOP_VALUES_MAX).map((one) => ({
        value: one.value,
        count: distinct > VALUES_COUNTED_MAX ? null : Math.round(one.count),
      })),
      numbers,
    })),
  }));
}

/** The same patterns; those that are new with what was learned about them before the window. */
export async function withHistory(
  { history, window }: ReadContext,
  patterns: readonly Pattern[],
  templates: readonly TemplateCount[],
): Promise<Pattern[]> {
  const isNew = new Set(patterns.filter(({ change }) => change === 'new').map((pattern) => keyOf(pattern)));
  const unexpected = templates.flatMap((template) => {
    const { service, firstLine: line } = template;
    return line && isNew.has(keyOf(template)) ? [{ key: keyOf(template), service, line }] : [];
  });
  const told = await history.tell(unexpected, window);
  return patterns.map((pattern) => ({ ...pattern, history: told.get(keyOf(pattern)) ?? null }));
}

function keyOf({ id, service, level }: Pick<Pattern, 'id' | 'service' | 'level'>): string {
  return `${id} ${level} ${service}`;
}

function changeOf({ windowCount, baselineCount, isChanged }: TemplateCount, scale: number) {
  if (windowCount === 0) return 'gone';
  if (baselineCount === 0) return 'new';
  return isChanged && windowCount > baselineCount * scale ? 'elevated' : 'usual';
}

function key(of: string, service: string): string {
  return `${of} ${service}`;
}
