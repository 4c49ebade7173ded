import type { AiLogsAnswer } from '../schema.ts';

const SUSPECTS_SHOWN = 3;
const TEMPLATES_SHOWN = 10;
const LINE_CHARACTERS_MAX = 400;

/** The answer as a report for people, without colours: plain text that a mail or a chat shows as it is. */
export function writeText(answer: AiLogsAnswer): string {
  const { mode, window, baseline, summary, suspects, findings, counts, coverage, warnings } = answer;
  return `${[
    `${mode}, ${time(window.start)} to ${time(window.end)} UTC`,
    baseline ? `compared with ${time(baseline.start)} to ${time(baseline.end)}` : 'compared with nothing',
    '',
    printable(summary),
    ...section(
      'Suspects',
      suspects
        .slice(0, SUSPECTS_SHOWN)
        .flatMap(({ service, score, reasons }, index) => [
          `${index + 1}. ${service || '(no service named)'}, score ${score.toFixed(2)}`,
          ...reasons.map((reason) => `   ${printable(reason)}`),
        ]),
    ),
    ...section('Findings', findings.flatMap(findingLines)),
    ...(answer.findings_left_out > 0 ? [`… and ${answer.findings_left_out} more: raise limit`] : []),
    ...(answer.findings_muted > 0 ? [`${answer.findings_muted} of muted patterns not shown`] : []),
    ...section(
      'Lines by service',
      counts.by_service.map(
        ({ service, lines, errors, baseline_lines }) =>
          `${service}: ${number(lines)}, ${number(errors)} errors; ${number(baseline_lines)} before`,
      ),
    ),
    ...section(
      'Most frequent wordings',
      counts.templates
        .slice(0, TEMPLATES_SHOWN)
        .map(({ count, service, text }) => `${number(count)}  ${service}: ${printable(text)}`),
    ),
    '',
    coverage.note,
    ...warnings.map((warning) => `Note: ${printable(warning)}`),
  ].join('\n')}\n`;
}

function findingLines(finding: AiLogsAnswer['findings'][number]): readonly string[] {
  const { severity, title, since, count, baseline_count, evidence, evidence_query, pattern, history } =
    finding;
  const [example] = evidence;
  const nextStep = pattern?.next_steps[0];
  return [
    `[${severity}] ${printable(title)}`,
    `   ${since ? `since ${time(since)}, ` : ''}${number(count)} now, ${number(baseline_count)} before`,
    ...(history ? [`   ${history}`] : []),
    ...(example ? [`   ${time(example.time)} ${example.service}: ${printable(example.line)}`] : []),
    `   ${evidence_query}`,
    ...(nextStep ? [`   next: ${printable(nextStep)}`] : []),
  ];
}

function section(name: string, lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? ['', name, ...lines] : [];
}

/** Log text on one line, without anything that a terminal would obey. */
function printable(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}]/gu, '�');
  return line.length > LINE_CHARACTERS_MAX ? `${line.slice(0, LINE_CHARACTERS_MAX - 1)}…` : line;
}

function time(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

function number(value: number): string {
  return value.toLocaleString('en');
}
