import type { Finding } from '../../engine/finding.ts';
import type { FileEvent } from '../../engine/formats/event-reader.ts';
import { findingLines, number, section, shortTime, suspectLines, timelineLine } from '../report-blocks.ts';
import { fit, paint, printable, wrap } from '../terminal.ts';
import type { Analysis } from '../../engine/analysis/analysis.ts';
import { accountOfLines, type LineAccount } from '../../engine/analysis/line-account.ts';
import { summaryOf } from '../../engine/analysis/summary-of-analysis.ts';

const FINDINGS_SHOWN = 10;
const TEMPLATES_SHOWN = 12;
/** What stands around a line of counts over time: its name and its sum. */
const TIMELINE_LABELS_WIDTH = 22;

/** The analysis for people, no line wider than `width` columns. */
export function writeReport(analysis: Analysis, width: number): string {
  const { result } = analysis;
  const hidden = result.findings.length - FINDINGS_SHOWN + result.dropped.findings;
  return [
    paint('bold', fit(headline(analysis), width)),
    wrap(printable(summaryOf(analysis)), width),
    ...timelineLines(analysis, width),
    ...section('Suspects', suspectLines(result.suspects, width)),
    ...section(
      'Findings',
      result.findings
        .slice(0, FINDINGS_SHOWN)
        .flatMap((finding) => findingLines(findingView(finding, analysis), width)),
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

function timelineLines({ timeline, window }: Analysis, width: number): string[] {
  if (window === null) return [];
  const { events, errors } = timeline.totals();
  const fold = (counts: readonly number[]) => foldInto(width - TIMELINE_LABELS_WIDTH, counts);
  return [
    '',
    ...timelineLine('events', 'blue', fold(events)),
    ...timelineLine('errors', 'red', fold(errors)),
  ];
}

/** The same counts in at most `cells` steps: neighbours are added up. */
function foldInto(cells: number, counts: readonly number[]): readonly number[] {
  const size = Math.ceil(counts.length / cells);
  return Array.from({ length: Math.ceil(counts.length / size) }, (_, cell) =>
    total(counts.slice(cell * size, (cell + 1) * size)),
  );
}

function findingView(finding: Finding, { baseline }: Analysis) {
  const { severity, title, sinceMs, count, baselineCount, series, evidence, pattern } = finding;
  const example = evidence[0] as FileEvent | undefined;
  return {
    severity,
    title,
    facts: [
      sinceMs === null ? null : `since ${shortTime(sinceMs)}`,
      baseline ? `${number(count)} now, ${number(baselineCount)} before` : `${number(count)} lines`,
    ],
    series,
    example: example ? `${example.file}:${example.lineNumber}  ${example.firstLine}` : null,
    nextStep: pattern?.nextSteps[0] ?? null,
  };
}

function templateLines(analysis: Analysis, width: number): string[] {
  const templates = analysis.result.templates
    .map(({ windowCount, baselineCount, ...template }) => ({
      ...template,
      count: windowCount + baselineCount,
    }))
    .sort((a, b) => b.count - a.count);
  const { read, rest } = accountOfLines(analysis);
  const shown = templates.slice(0, TEMPLATES_SHOWN);
  const others = templates.slice(TEMPLATES_SHOWN);
  const rows: [number, string][] = [
    ...shown.map(({ count, level, service, text }): [number, string] => [
      count,
      `${level.padEnd(7)} ${printable(fit(service, 24))}  ${printable(text)}`,
    ]),
    [total(others.map(({ count }) => count)), `in ${number(others.length)} further templates`],
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

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
