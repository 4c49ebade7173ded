import { fit, printable } from '../../terminal.ts';
import type { TaskResult } from './run-tasks.ts';

const COLUMNS = [
  ['scenario', 16],
  ['agent', 12],
  ['solved', 7],
  ['service', 13],
  ['calls', 6],
  ['tokens', 7],
  ['ms', 6],
] as const;

export function reportHead(): string {
  return COLUMNS.map(([name, width]) => name.padEnd(width)).join(' ');
}

export function reportRow({
  scenario,
  agent,
  solved,
  service,
  truth,
  calls,
  tokens,
  tookMs,
  error,
}: TaskResult): string {
  const cells = [scenario, agent, solved ? 'yes' : 'no', service || '-', calls, tokens, tookMs];
  const row = cells.map((cell, index) => fit(printable(String(cell)), 40).padEnd(COLUMNS[index]?.[1] ?? 0));
  const why = error ?? (service === truth ? 'the cause is not named' : `the cause is ${truth}`);
  return `${row.join(' ')}${solved ? '' : ` ${fit(printable(why), 100)}`}`.trimEnd();
}

export function reportTotal(results: readonly TaskResult[]): string {
  const solved = results.filter((result) => result.solved);
  const sum = (of: (result: TaskResult) => number) => results.reduce((all, result) => all + of(result), 0);
  return `${solved.length} of ${results.length} solved, ${sum(({ calls }) => calls)} calls, about ${sum(({ tokens }) => tokens).toLocaleString('en')} tokens of answers.`;
}
