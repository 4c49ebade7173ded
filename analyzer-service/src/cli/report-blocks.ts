import type { Severity } from '../engine/finding.ts';
import { fit, paint, printable, sparkline, wrap } from './terminal.ts';

// The parts that a report of the service and a report of files have in common.

export interface FindingView {
  readonly severity: Severity;
  readonly title: string;
  /** Short facts that stand on one line: since when, how many. */
  readonly facts: readonly (string | null)[];
  readonly series: readonly number[];
  /** One line that proves it, with its place in front; null for silence. */
  readonly example: string | null;
  readonly nextStep: string | null;
}

export interface SuspectView {
  readonly service: string;
  readonly score: number;
  readonly reasons: readonly string[];
}

const SUSPECTS_SHOWN = 3;
const REASONS_SHOWN = 3;
const INDENT = ' '.repeat(11);
const SEVERITY_STYLE = {
  critical: 'magenta',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'gray',
} as const;

export function findingLines(finding: FindingView, width: number): string[] {
  const { severity, title, facts, series, example, nextStep } = finding;
  const inner = width - INDENT.length;
  const [first = '', ...more] = wrap(printable(title), inner).split('\n');
  return [
    `  ${paint(SEVERITY_STYLE[severity], severity.padEnd(8))} ${first}`,
    ...more.map((line) => `${INDENT}${line}`),
    `${INDENT}${paint('gray', fit(facts.filter(Boolean).join('  '), inner))}`,
    ...(series.some(Boolean) ? [`${INDENT}${paint('blue', fit(sparkline(series), inner))}`] : []),
    ...(example ? [`${INDENT}${paint('dim', fit(printable(example), inner))}`] : []),
    ...(nextStep ? [paint('green', wrap(`→ ${printable(nextStep)}`, width, INDENT))] : []),
  ];
}

/** The first with its reasons, the others with their strongest. */
export function suspectLines(suspects: readonly SuspectView[], width: number): string[] {
  return suspects
    .slice(0, SUSPECTS_SHOWN)
    .flatMap(({ service, score, reasons }, index) => [
      fit(`  ${index + 1}. ${printable(service) || '(no service named)'}  score ${score.toFixed(2)}`, width),
      ...reasons
        .slice(0, index === 0 ? REASONS_SHOWN : 1)
        .map((reason) => wrap(printable(reason), width, '     ')),
    ]);
}

/** A line of counts over time, with its sum. */
export function timelineLine(name: string, style: 'blue' | 'red', counts: readonly number[]): string[] {
  const sum = counts.reduce((all, count) => all + count, 0);
  return sum > 0 ? [`${name}  ${paint(style, sparkline(counts))}  ${number(sum)}`] : [];
}

export function section(name: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', paint('bold', name), ...lines] : [];
}

/** '2026-11-20 10:04:10', UTC. */
export function shortTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ');
}

export function number(value: number): string {
  return value.toLocaleString('en');
}
