import type { Stage } from '../logql/syntax.ts';
import type { SqlCondition } from '../store/scan.ts';
import type { Stream } from '../store/streams.ts';
import { impliedCondition, isDecidedByLevel } from './implied-condition.ts';

/** What of a pipeline the database decides, and the stages that are left for each line it gives. */
export type PushDown = { readonly conditions: readonly SqlCondition[]; readonly rest: readonly Stage[] };

const KEEPS_LINE: ReadonlySet<Stage['kind']> = new Set([
  'line-filter',
  'label-filter',
  'json',
  'logfmt',
  'regexp',
  'pattern',
]);

/**
 * Line filters before the first other stage are conditions on the stored line; DuckDB's regexes are RE2 too.
 * Later stages, as long as line and labels are only read, still rule out lines that cannot pass them.
 */
export function pushDown(stages: readonly Stage[], streams: readonly Stream[]): PushDown {
  const conditions: SqlCondition[] = [];
  let decided = 0;
  let isParsed = false;
  for (const [index, stage] of stages.entries()) {
    if (!KEEPS_LINE.has(stage.kind)) break;
    if (stage.kind === 'line-filter') {
      const condition = lineCondition(stage);
      if (condition) conditions.push(condition);
      if (condition && decided === index) decided += 1;
    } else if (stage.kind === 'label-filter') {
      const condition = impliedCondition(stage.filter, streams, isParsed);
      if (condition) conditions.push(condition);
      if (!isParsed && decided === index && isDecidedByLevel(stage.filter, streams)) decided += 1;
    } else {
      isParsed = true;
    }
  }
  return { conditions, rest: stages.slice(decided) };
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
