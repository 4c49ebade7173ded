import type { Finding } from '../../engine/finding.ts';
import type { FileEvent } from '../../engine/formats/event-reader.ts';
import { fit, paint, printable, sparkline, wrap } from '../terminal.ts';
import type { Analysis } from './analysis.ts';
import { accountOfLines, type LineAccount } from './line-account.ts';
import { summaryOf } from './summary.ts';

const FINDINGS_SHOWN = 10;
const SUSPECTS_SHOWN = 3;
const TEMPLATES_SHOWN = 12;
const SEVERITY_STYLE = {
  critical: 'magenta',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'gray',
} as const;
const INDENT = '           ';

/** The analysis for people, no line wider than `width` columns. */
export function writeReport(analysis: Analysis, width: number): string {
  const { result } = analysis;
  const hidden = result.findings.length - FINDINGS_SHOWN + result.dropped.findings;
  return [
    paint('bold', fit(headline(analysis), width)),
    wrap(printable(summaryOf(analysis)), width),
    ...timelineLines(analysis),
    ...section('Suspects', suspectLines(analysis, width)),
    ...section(
      'Findings',
      result.findings.slice(0, FINDINGS_SHOWN).flatMap((finding) => findingLines(finding, analysis, width)),
    ),
    ...(hidden > 0 ? [paint('gray', `  … and ${hidden} more; --json shows them`)] : []),
    ...section('Templates', templateLines(analysis, width)),
    ...section('Coverage', coverageLines(analysis, width)),
  ].join('\n');
}

function headline({ files, window }: Analysis): string {
  const names = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`;
  const time = window
    ? `${shortTime(window.startMs)} to ${shortTime(window.endMs - 1)}`
    : 'no line carries a time';
  return `${printable(names)}  ${time}`;
}

function timelineLines({ timeline, window }: Analysis): string[] {
  const { events, errors } = timeline.totals();
  if (window === null || !events.some(Boolean)) return [];
  const line = (name: string, style: 'blue' | 'red', counts: readonly number[]) =>
    `${name}  ${paint(style, sparkline(counts))}  ${number(total(counts))}`;
  return [
    '',
    line('events', 'blue', events),
    ...(errors.some(Boolean) ? [line('errors', 'red', errors)] : []),
  ];
}

function suspectLines({ result }: Analysis, width: number): string[] {
  return result.suspects
    .slice(0, SUSPECTS_SHOWN)
    .flatMap(({ service, score, reasons }, index) => [
      fit(`  ${index + 1}. ${printable(service)}  score ${score.toFixed(2)}`, width),
      ...reasons.slice(0, index === 0 ? 3 : 1).map((reason) => wrap(printable(reason), width, '     ')),
    ]);
}

function findingLines(finding: Finding, { baseline }: Analysis, width: number): string[] {
  const { severity, title, sinceMs, count, baselineCount, evidence, pattern, series } = finding;
  const facts = [
    sinceMs === null ? null : `since ${shortTime(sinceMs)}`,
    baseline ? `${number(count)} now, ${number(baselineCount)} before` : `${number(count)} lines`,
  ];
  const example = evidence[0] as FileEvent | undefined;
  const inner = width - INDENT.length;
  return [
    `  ${paint(SEVERITY_STYLE[severity], severity.padEnd(8))} ${fit(printable(title), inner)}`,
    `${INDENT}${paint('gray', fit(facts.filter(Boolean).join('  '), inner))}`,
    ...(series.some(Boolean) ? [`${INDENT}${paint('blue', fit(sparkline(series), inner))}`] : []),
    ...(example
      ? [
          `${INDENT}${paint('dim', fit(printable(`${example.file}:${example.lineNumber}  ${example.firstLine}`), inner))}`,
        ]
      : []),
    ...(pattern?.nextSteps[0] ? [`${INDENT}${paint('green', fit(`→ ${pattern.nextSteps[0]}`, inner))}`] : []),
  ];
}

function templateLines(analysis: Analysis, width: number): string[] {
  const { templates } = analysis.result;
  const { read, rest } = accountOfLines(analysis);
  const shown = templates.slice(0, TEMPLATES_SHOWN);
  const others = templates.slice(TEMPLATES_SHOWN);
  const rows: [number, string][] = [
    ...shown.map(({ windowCount, baselineCount, level, service, text }): [number, string] => [
      windowCount + baselineCount,
      `${level.padEnd(7)} ${printable(fit(service, 24))}  ${printable(text)}`,
    ]),
    [
      total(others.map(({ windowCount, baselineCount }) => windowCount + baselineCount)),
      `in ${number(others.length)} further templates`,
    ],
    [rest.not_kept, 'in templates beyond the limit'],
    [rest.continuation, 'further lines of the events above (stack traces and the like)'],
    [rest.blank, 'blank lines'],
    [rest.outside, 'lines outside the time that --since asks for'],
  ];
  const digits = number(read).length;
  return [
    ...rows
      .filter(([count]) => count > 0)
      .map(([count, text]) => fit(`  ${number(count).padStart(digits)}  ${text}`, width)),
    `  ${number(read).padStart(digits)}  lines in all`,
  ];
}

function coverageLines(analysis: Analysis, width: number): string[] {
  const account: LineAccount = accountOfLines(analysis);
  const notes = [
    account.without_time > 0
      ? `${number(account.without_time)} events carry no time and stand at that of the line before.`
      : null,
    account.cut > 0 ? `${number(account.cut)} lines are longer than 64 KiB and were cut.` : null,
    analysis.baseline
      ? `Compared with ${shortTime(analysis.baseline.startMs)} to ${shortTime(analysis.baseline.endMs)}.`
      : null,
    'Times are as written in the log; a time without a zone counts as UTC.',
  ];
  return [
    ...analysis.files.map(({ name, format, lines, events }) =>
      fit(`  ${printable(name)}: ${number(lines)} lines, ${number(events)} events, read as ${format}`, width),
    ),
    ...notes.filter((note) => note !== null).map((note) => paint('gray', wrap(note, width, '  '))),
  ];
}

function section(name: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', paint('bold', name), ...lines] : [];
}

function shortTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ');
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
