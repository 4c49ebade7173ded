import type { ErrorPatternRow, LearnedTemplateRow } from '../../../database.ts';
import type { PatternSet } from '../../../engine/library/pattern-set.ts';
import { type Level, type LogLine, type TimeRange, isErrorLevel } from '../../../engine/log-line.ts';
import type { TemplateMiner } from '../../../engine/templates/template-miner.ts';
import { inTurns } from '../../../turns.ts';
import type { ReadContext } from '../read-context.ts';
import type { SliceFacts } from './read-slice.ts';

interface Seen {
  readonly service: string;
  readonly level: Level;
  readonly handle: number;
  first: LogLine;
  lastMs: number;
  lines: number;
}

/** What `miner` makes of the lines, and those of its templates that tell of errors. */
export async function templatesOf(
  lines: readonly LogLine[],
  miner: TemplateMiner,
  { patterns, window }: ReadContext,
): Promise<Pick<SliceFacts, 'templates' | 'newWordings' | 'errorPatterns'>> {
  const seen = await mine(miner, lines);
  const templates = seen.map((one) => resolved(one, miner)).filter(({ wording }) => wording !== '<*>');
  return {
    templates: mergeTemplates(templates),
    newWordings: newAmong(templates),
    errorPatterns: mergeErrors(templates, patterns, window),
  };
}

async function mine(miner: TemplateMiner, lines: readonly LogLine[]): Promise<readonly Seen[]> {
  const seen = new Map<string, Seen>();
  await inTurns(lines, (line) => {
    const { service, level, timeMs, weight } = line;
    const handle = miner.add(line.text, weight);
    const key = `${service}\n${level}\n${handle}`;
    const known = seen.get(key);
    if (!known) {
      seen.set(key, { service, level, handle, first: line, lastMs: timeMs, lines: weight });
      return;
    }
    if (timeMs < known.first.timeMs) known.first = line;
    known.lastMs = Math.max(known.lastMs, timeMs);
    known.lines += weight;
  });
  return [...seen.values()];
}

type Resolved = LearnedTemplateRow & {
  readonly level: Level;
  readonly first: LogLine;
  /** Lines that the miner ever counted for the template. */
  readonly everCounted: number;
};

/** Templates all of whose lines are of this slice. */
function newAmong(templates: readonly Resolved[]): ReadonlySet<string> {
  const byId = Map.groupBy(templates, ({ template_id }) => template_id);
  const isNew = (own: readonly Resolved[]) =>
    (own[0]?.everCounted ?? 0) - own.reduce((sum, { lines }) => sum + lines, 0) < 0.5;
  return new Set([...byId].filter(([, own]) => isNew(own)).map(([id]) => id));
}

function resolved({ handle, service, level, first, lastMs, lines }: Seen, miner: TemplateMiner): Resolved {
  const { id, text, count } = miner.resolve(handle);
  const times = { first_ms: Math.floor(first.timeMs), last_ms: Math.floor(lastMs) };
  return { service, template_id: id, wording: text, level, lines, ...times, first, everCounted: count };
}

function mergeTemplates(templates: readonly Resolved[]): LearnedTemplateRow[] {
  const merged = Map.groupBy(templates, (one) => `${one.service}\n${one.level}\n${one.template_id}`);
  return [...merged.values()].flatMap((own) => {
    const [one] = own;
    if (!one) return [];
    const { service, template_id, wording, level } = one;
    return {
      service,
      template_id,
      wording,
      level,
      lines: Math.round(own.reduce((sum, { lines }) => sum + lines, 0)),
      first_ms: Math.min(...own.map(({ first_ms }) => first_ms)),
      last_ms: Math.max(...own.map(({ last_ms }) => last_ms)),
    };
  });
}

function mergeErrors(
  templates: readonly Resolved[],
  patterns: PatternSet,
  { startMs }: TimeRange,
): ErrorPatternRow[] {
  const errors = templates.filter(({ level }) => isErrorLevel(level));
  const firsts = new Map<string, LogLine>();
  for (const { service, level, template_id, first } of errors) {
    const key = `${service}\n${level}\n${template_id}`;
    const known = firsts.get(key);
    if (!known || first.timeMs < known.timeMs) firsts.set(key, first);
  }
  return mergeTemplates(errors).flatMap(({ service, template_id, wording, level, lines }) => {
    const first = firsts.get(`${service}\n${level}\n${template_id}`);
    if (!first) return [];
    const known_pattern_id = patterns.match(first.text)?.id ?? null;
    const key = { service, template_id, level, start_ms: startMs };
    return [{ ...key, wording, known_pattern_id, lines, first_timestamp_ns: first.timestampNs }];
  });
}
