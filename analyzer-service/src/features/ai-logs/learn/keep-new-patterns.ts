import type { Transaction } from 'kysely';
import type { Database, LearnedTemplateRow } from '../../../database.ts';
import type { TimeRange } from '../../../engine/log-line.ts';

/** What makes a wording new. */
export interface NewPatternRules {
  readonly nowMs: number;
  /** In the first time that a service is known everything is new: that is not told. */
  readonly warmUpMs: number;
}

const ROWS_AT_ONCE = 200;

/**
 * Notes the templates that their service never wrote before. `newWordings` are the ids that no line had before this
 * slice: an id may also be new because a known wording was found to vary, which is no news. Call it before the
 * templates of the slice are kept.
 */
export async function keepNewPatterns(
  writing: Transaction<Database>,
  slice: TimeRange,
  templates: readonly LearnedTemplateRow[],
  newWordings: ReadonlySet<string>,
  { nowMs, warmUpMs }: NewPatternRules,
): Promise<void> {
  const warm = await warmServices(writing, slice.startMs - warmUpMs);
  const candidates = templates.filter(({ service }) => warm.has(service));
  for (let from = 0; from < candidates.length; from += ROWS_AT_ONCE) {
    const rows = candidates.slice(from, from + ROWS_AT_ONCE);
    const known = await writing
      .selectFrom('learned_templates')
      .select(['service', 'template_id'])
      .where(
        'template_id',
        'in',
        rows.map(({ template_id }) => template_id),
      )
      .execute();
    const ids = new Set(known.map(({ template_id }) => template_id));
    const own = new Set(known.map(({ service, template_id }) => `${service}\n${template_id}`));
    const found = rows.filter(
      ({ service, template_id }) =>
        !own.has(`${service}\n${template_id}`) && (newWordings.has(template_id) || ids.has(template_id)),
    );
    if (found.length === 0) continue;
    await writing
      .insertInto('new_patterns')
      .values(
        found.map(({ service, template_id, level, wording, lines, first_ms }) => ({
          service,
          template_id,
          level,
          wording,
          lines,
          first_ms,
          found_ms: nowMs,
          told_ms: null,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** Services that already wrote at `beforeMs`. */
async function warmServices(writing: Transaction<Database>, beforeMs: number): Promise<ReadonlySet<string>> {
  const rows = await writing
    .selectFrom('ai_performance_baselines')
    .select('service')
    .distinct()
    .where('start_ms', '<=', beforeMs)
    .execute();
  return new Set(rows.map(({ service }) => service));
}
