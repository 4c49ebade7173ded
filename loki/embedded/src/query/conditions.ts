import type { Stage } from '../logql/syntax.ts';
import type { SqlCondition } from '../store/scan.ts';

/** What of a pipeline the database decides, and the stages that are left for each line it gives. */
export type PushDown = { readonly conditions: readonly SqlCondition[]; readonly rest: readonly Stage[] };

/** Line filters before the first other stage are conditions on the stored line; DuckDB's regexes are RE2 too. */
export function pushDown(stages: readonly Stage[]): PushDown {
  const conditions: SqlCondition[] = [];
  for (const [index, stage] of stages.entries()) {
    const condition = stage.kind === 'line-filter' ? lineCondition(stage) : null;
    if (!condition) return { conditions, rest: stages.slice(index) };
    conditions.push(condition);
  }
  return { conditions, rest: [] };
}

function lineCondition({
  operator,
  alternatives,
}: Extract<Stage, { kind: 'line-filter' }>): SqlCondition | null {
  if (alternatives.some(({ kind }) => kind === 'ip')) return null;
  const isRegex = operator === '|~' || operator === '!~';
  if (!isRegex && operator !== '|=' && operator !== '!=') return null;
  const test = isRegex ? 'regexp_matches(line, ?)' : 'contains(line, ?)';
  const any = alternatives.map(() => test).join(' OR ');
  return {
    sql: operator.startsWith('!') ? `NOT (${any})` : any,
    parameters: alternatives.map(({ value }) => value),
  };
}
