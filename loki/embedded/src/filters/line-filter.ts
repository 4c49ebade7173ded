import type { LineFilterAlternative, LineFilterOperator, Stage } from '../logql/syntax.ts';
import type { CompiledStage } from '../pipeline/entry.ts';
import { compileIpPattern, lineHasAddress } from './ip.ts';
import { compileLinePattern } from './line-pattern.ts';
import { compileRegex } from './regex.ts';

type LineFilterStage = Extract<Stage, { kind: 'line-filter' }>;

/** `|= "a" or "b"`: any alternative keeps the line; the negated operators drop it for any alternative. */
export function compileLineFilter({ operator, alternatives }: LineFilterStage): CompiledStage {
  const tests = alternatives.map((alternative) => compileTest(operator, alternative));
  const isNegated = operator.startsWith('!');
  const [only] = tests;
  if (only && tests.length === 1) return (entry) => only(entry.line) !== isNegated;
  return (entry) => tests.some((test) => test(entry.line)) !== isNegated;
}

function compileTest(
  operator: LineFilterOperator,
  { kind, value }: LineFilterAlternative,
): (line: string) => boolean {
  if (kind === 'ip') {
    const test = compileIpPattern(value);
    return (line) => lineHasAddress(line, test);
  }
  if (operator === '|=' || operator === '!=') return (line) => line.includes(value);
  if (operator === '|>' || operator === '!>') return compileLinePattern(value);
  const regex = compileRegex(value);
  return (line) => regex.test(line);
}
