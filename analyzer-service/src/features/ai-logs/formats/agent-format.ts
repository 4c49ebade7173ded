import type { AiLogsAnswer } from '../schema.ts';
import { type Section, fitSections } from './fit-sections.ts';

type Finding = AiLogsAnswer['findings'][number];

/** Kept for the line that says what was left out. */
const TRAILER_TOKENS = 60;
const LINE_CHARACTERS_MAX = 300;

/**
 * A dense text for a model within `tokensMax` (see estimateTokens): what is wrong, who is to blame, the findings with a
 * line and a query that prove each, then counts. Its last line says what did not fit.
 */
export function writeAgentText(answer: AiLogsAnswer, tokensMax: number): string {
  const sections = [{ name: 'notes', pieces: headOf(answer) }, ...sectionsOf(answer)];
  const fitted = fitSections(sections, tokensMax - TRAILER_TOKENS);
  const leftOut = [...fitted.leftOut];
  if (answer.findings_left_out > 0) leftOut.push(`${answer.findings_left_out} further findings beyond limit`);
  const trailer =
    leftOut.length > 0
      ? `left out: ${leftOut.join(', ')}. Raise max_tokens or limit, or ask with format=json.`
      : 'left out: nothing.';
  return `${[...fitted.written, trailer].join('\n')}\n`;
}

function headOf(answer: AiLogsAnswer): readonly string[] {
  const { mode, window, baseline, summary, coverage, warnings, findings_muted } = answer;
  const against = baseline ? ` against ${baseline.start} to ${baseline.end}` : ' without a baseline';
  return [
    `${mode} ${window.start} to ${window.end}${against}`,
    `summary: ${oneLine(summary)}`,
    `read: ${oneLine(coverage.note)}`,
    ...(findings_muted > 0 ? [`note: ${findings_muted} findings of muted patterns are not shown`] : []),
    ...warnings.map((warning) => `note: ${oneLine(warning)}`),
  ];
}

function sectionsOf({ suspects, findings, counts }: AiLogsAnswer): readonly Section[] {
  return [
    {
      name: 'suspects',
      pieces: suspects.map(
        ({ service, score, reasons }) => `suspect ${service} ${score}: ${oneLine(reasons.join('; '))}`,
      ),
    },
    { name: 'findings', pieces: findings.map(findingPiece) },
    {
      name: 'services',
      pieces: counts.by_service.map(
        ({ service, lines, errors, baseline_lines, baseline_errors }) =>
          `service ${service}: ${lines} lines, ${errors} errors (baseline ${baseline_lines}, ${baseline_errors})`,
      ),
    },
    {
      name: 'templates',
      pieces: counts.templates.map(
        ({ service, level, count, baseline_count, text }) =>
          `template ${service} ${level} ${count} (baseline ${baseline_count}): ${oneLine(text)}`,
      ),
    },
  ];
}

function findingPiece(finding: Finding): string {
  const { severity, kind, title, since, evidence, evidence_query, pattern, history } = finding;
  const [proof] = evidence;
  return [
    `${severity} ${kind}: ${oneLine(title)}${since ? ` since=${since}` : ''}`,
    ...(pattern
      ? [`  means: ${oneLine(pattern.meaning)} next: ${oneLine(pattern.next_steps[0] ?? '')}`]
      : []),
    ...(history ? [`  history: ${oneLine(history)}`] : []),
    ...(proof ? [`  line: ${proof.time} ${proof.service} ${oneLine(proof.line)}`] : []),
    `  query: ${evidence_query}`,
  ].join('\n');
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > LINE_CHARACTERS_MAX ? `${line.slice(0, LINE_CHARACTERS_MAX - 1)}…` : line;
}
