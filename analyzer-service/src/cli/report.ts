import type { AiLogsAnswer } from '../features/ai-logs/schema.ts';
import { fit, paint, printable, sparkline, terminalWidth, wrap } from './terminal.ts';

type Finding = AiLogsAnswer['findings'][number];

const SEVERITY_STYLE = {
  critical: 'magenta',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'gray',
} as const;

/** An answer of the service as a report for people. */
export function writeReport(answer: AiLogsAnswer, findingsMax: number): string {
  const width = terminalWidth();
  const { window, counts, findings, findings_left_out, warnings } = answer;
  const hidden = findings_left_out + Math.max(0, findings.length - findingsMax);
  return [
    heading(`${answer.mode}  ${shortTime(window.start)} to ${shortTime(window.end)} UTC`),
    wrap(printable(answer.summary), width),
    '',
    ...(counts.total > 0
      ? [`lines   ${paint('blue', sparkline(counts.over_time.lines))}  ${number(counts.total)}`]
      : []),
    ...(counts.over_time.errors.some(Boolean)
      ? [`errors  ${paint('red', sparkline(counts.over_time.errors))}  ${number(errorsOf(answer))}`]
      : []),
    ...section('Suspects', suspectLines(answer, width)),
    ...section(
      'Findings',
      findings.slice(0, findingsMax).flatMap((finding) => findingLines(finding, width)),
    ),
    ...(hidden > 0 ? [paint('gray', `  … and ${hidden} more; --json and --limit show them`)] : []),
    '',
    paint('gray', wrap(answer.coverage.note, width)),
    ...warnings.map((warning) => paint('yellow', wrap(`Note: ${printable(warning)}`, width))),
  ].join('\n');
}

function suspectLines({ suspects }: AiLogsAnswer, width: number): string[] {
  return suspects
    .slice(0, 3)
    .flatMap(({ service, score, reasons }, index) => [
      `  ${index + 1}. ${paint('bold', printable(service))}  ${paint('gray', `score ${score.toFixed(2)}`)}`,
      ...reasons.slice(0, index === 0 ? 3 : 1).map((reason) => wrap(printable(reason), width, '     ')),
    ]);
}

function findingLines(finding: Finding, width: number): string[] {
  const { severity, title, since, count, baseline_count, evidence, pattern, series } = finding;
  const example = evidence[0];
  const facts = [
    since ? `since ${shortTime(since)}` : null,
    `${number(count)} now, ${number(baseline_count)} before`,
    series.some(Boolean) ? sparkline(series) : null,
  ];
  return [
    `  ${paint(SEVERITY_STYLE[severity], severity.padEnd(8))} ${fit(printable(title), width - 11)}`,
    `           ${paint('gray', facts.filter(Boolean).join('  '))}`,
    ...(example
      ? [
          `           ${paint('dim', fit(printable(`${shortTime(example.time)} ${example.service}: ${example.line}`), width - 11))}`,
        ]
      : []),
    ...(pattern?.next_steps[0]
      ? [`           ${paint('green', fit(`→ ${pattern.next_steps[0]}`, width - 11))}`]
      : []),
  ];
}

function section(name: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', heading(name), ...lines] : [];
}

function heading(text: string): string {
  return paint('bold', text);
}

function errorsOf({ counts }: AiLogsAnswer): number {
  return counts.by_service.reduce((sum, { errors }) => sum + errors, 0);
}

function number(value: number): string {
  return value.toLocaleString('en');
}

/** '2026-11-20 10:04:10' of an ISO time. */
function shortTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}
