import type { AiLogsAnswer } from '../schema.ts';
import { evidenceId } from './evidence-id.ts';
import { nameOf, quoteLog, sentence } from './log-text.ts';
import type { NextCall } from './reply.ts';

// Pieces of answers that several tools write alike.

type Finding = AiLogsAnswer['findings'][number];
type Line = Finding['evidence'][number];

const QUERY_CHARACTERS_MAX = 400;
/** An id that may stand outside the block of data, in a call to make next. */
const SAFE_ID = /^[\w.:/@-]{1,200}$/;

export function findingPiece(finding: Finding): string {
  const { severity, kind, service, title, since, count, baseline_count, evidence, pattern } = finding;
  const counted =
    kind.endsWith('template') || kind === 'known_pattern' ? ` now=${count} before=${baseline_count}` : '';
  return [
    `${severity} ${kind} ${nameOf(service)}: ${sentence(title)}${since ? ` since=${since}` : ''}${counted}`,
    ...(pattern
      ? [`  means: ${sentence(pattern.meaning)} do: ${sentence(pattern.next_steps[0] ?? '')}`]
      : []),
    ...evidence.slice(0, 1).map((line) => `  line: ${linePiece(line)}`),
    `  logql: ${sentence(finding.evidence_query, QUERY_CHARACTERS_MAX)}`,
  ].join('\n');
}

/** One line with the id that finds it again. */
export function linePiece(line: Line, idFields: readonly string[] = []): string {
  const { time, service, level, line: text } = line;
  const ids = idFields.flatMap((field) => {
    const value = line.labels[field];
    return value ? [` ${field}=${nameOf(value)}`] : [];
  });
  return `${time} ${nameOf(service)} ${level} ${quoteLog(text)}${ids.slice(0, 1).join('')} [${evidenceOf(line)}]`;
}

export function evidenceOf({ service, timestamp_ns, line }: Line): string {
  return evidenceId({ service, timestampNs: timestamp_ns, text: line });
}

/** The call that shows the line which proves the first of these findings, and the one that follows its request. */
export function nextFrom(findings: readonly Finding[], idFields: readonly string[]): NextCall[] {
  const [proof] = findings.flatMap(({ evidence }) => evidence.slice(0, 1));
  if (!proof) return [];
  return [
    {
      tool: 'query_logs',
      arguments: { evidence: evidenceOf(proof) },
      shows: 'the line that proves the first finding, whole, with the lines around it',
    },
    ...traceNext(proof, idFields),
  ];
}

/** Follows the request of a line, where it has the id of one. */
export function traceNext({ time, labels }: Line, idFields: readonly string[]): NextCall[] {
  const id = idFields.map((field) => labels[field]).find((value) => value && SAFE_ID.test(value));
  if (!id) return [];
  const end = new Date(Date.parse(time) + 600_000).toISOString();
  return [
    {
      tool: 'trace_request',
      arguments: { id, time_range: '20m', end },
      shows: 'the path of its request through the services',
    },
  ];
}

export function noteSection(notes: readonly string[]): { name: string; pieces: readonly string[] } {
  return { name: 'notes', pieces: notes.map((note) => sentence(note, 600)) };
}

export function windowWords({
  window,
  baseline,
}: Pick<AiLogsAnswer, 'window'> & { baseline?: AiLogsAnswer['baseline'] }): string {
  return `${window.start} to ${window.end}${baseline ? ` against ${baseline.start} to ${baseline.end}` : ''}`;
}
