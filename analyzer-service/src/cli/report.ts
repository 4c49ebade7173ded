import type { AiLogsAnswer } from '../features/ai-logs/schema.ts';
import { findingLines, number, section, shortTime, suspectLines, timelineLine } from './report-blocks.ts';
import { fit, paint, printable, terminalWidth, wrap } from './terminal.ts';

/** An answer of the service as a report for people. */
export function writeReport(answer: AiLogsAnswer, findingsMax: number): string {
  const width = terminalWidth();
  const { mode, window, summary, counts, findings, findings_left_out, coverage, warnings } = answer;
  const shown = findings.slice(0, findingsMax);
  const hidden = findings_left_out + findings.length - shown.length;
  return [
    paint('bold', fit(`${mode}  ${time(window.start)} to ${time(window.end)} UTC`, width)),
    wrap(printable(summary), width),
    '',
    ...timelineLine('lines ', 'blue', counts.over_time.lines),
    ...timelineLine('errors', 'red', counts.over_time.errors),
    ...section('Suspects', suspectLines(answer.suspects, width)),
    ...section(
      'Findings',
      shown.flatMap((finding) => findingLines(findingView(finding), width)),
    ),
    ...(hidden > 0 ? [paint('gray', `  … and ${hidden} more; --json and --limit show them`)] : []),
    '',
    paint('gray', wrap(coverage.note, width)),
    ...warnings.map((warning) => paint('yellow', wrap(`Note: ${printable(warning)}`, width))),
  ].join('\n');
}

function findingView(finding: AiLogsAnswer['findings'][number]) {
  const { severity, title, since, count, baseline_count, series, evidence, pattern } = finding;
  const [example] = evidence;
  return {
    severity,
    title,
    facts: [since && `since ${time(since)}`, `${number(count)} now, ${number(baseline_count)} before`],
    series,
    example: example ? `${time(example.time)} ${example.service}: ${example.line}` : null,
    nextStep: pattern?.next_steps[0] ?? null,
  };
}

function time(iso: string): string {
  return shortTime(Date.parse(iso));
}
