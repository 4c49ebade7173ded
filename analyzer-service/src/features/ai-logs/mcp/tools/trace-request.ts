import { z } from 'zod';
import { correlate } from '../../correlate/correlate.ts';
import type { GraphAnswer, RequestAnswer } from '../../correlate/schema.ts';
import { nameOf, quoteLog, sentence } from '../log-text.ts';
import type { NextCall, Reply } from '../reply.ts';
import { type ToolContext, defineTool, servicesArgument, windowArguments } from '../tool.ts';
import { whyEmpty } from '../why-empty.ts';
import { evidenceOf, findingPiece, linePiece, noteSection, windowWords } from '../write-parts.ts';

const LINES_MAX = 200;
const SAFE_ID = /^[\w.:/@-]{1,200}$/;

export const traceRequest = defineTool({
  name: 'trace_request',
  description:
    'One request by its correlation, trace or request id: path through services, self time, where it broke. Without id: who calls whom, and failed requests as examples.',
  arguments: {
    id: z.string().min(1).max(200).optional(),
    ...windowArguments,
    ...servicesArgument,
  },
  async answer({ id, ...query }, context) {
    const answer = await correlate(
      context.aiLogs,
      { ...query, correlation_id: id, limit: LINES_MAX },
      context.signal,
    );
    return answer.kind === 'request' ? writeRequest(answer) : writeGraph(context, answer, query);
  },
});

function writeRequest(answer: RequestAnswer): Reply {
  const { broke_at, bottleneck, spans, gaps, lines, lines_left_out, related_findings } = answer;
  const proof = broke_at?.line;
  return {
    head: `trace_request ${windowWords(answer)}: ${answer.status}, ${answer.duration_ms} ms`,
    sections: [
      noteSection([
        `summary: ${answer.summary}`,
        `path: ${answer.path.map(nameOf).join(' > ')}`,
        ...answer.warnings,
      ]),
      {
        name: 'facts',
        pieces: [
          ...(broke_at
            ? [`broke at ${nameOf(broke_at.service)} by ${broke_at.how}: ${linePiece(broke_at.line)}`]
            : []),
          ...(bottleneck
            ? [
                `bottleneck ${nameOf(bottleneck.service)} self=${bottleneck.self_ms}ms share=${bottleneck.share}`,
              ]
            : []),
        ],
      },
      { name: 'spans', pieces: spans.map(spanPiece) },
      { name: 'related findings', pieces: related_findings.map(findingPiece) },
      {
        name: 'recommendations',
        pieces: answer.recommendations.map(({ text }) => `do: ${sentence(text)}`),
      },
      {
        name: 'gaps',
        pieces: gaps.map(
          (gap) =>
            `gap ${gap.gap_ms}ms after ${nameOf(gap.after_service)} ${quoteLog(gap.after_line, 100)} before ${nameOf(gap.before_service)}`,
        ),
      },
      { name: 'lines', pieces: lines.map((line) => linePiece(line)) },
    ],
    cut: lines_left_out > 0 ? [`${lines_left_out} further lines`] : [],
    next: proof
      ? [
          {
            tool: 'query_logs',
            arguments: { evidence: evidenceOf(proof) },
            shows: 'the line where it broke, whole, with the lines around it',
          },
        ]
      : [],
  };
}

function spanPiece(span: RequestAnswer['spans'][number]): string {
  const marks = [span.asynchronous && 'asynchronous', span.unanswered && 'unanswered'].filter(Boolean);
  return `span ${'>'.repeat(Math.min(span.depth, 20))}${nameOf(span.service)} at=${span.offset_ms}ms took=${span.duration_ms}ms self=${span.self_ms}ms lines=${span.lines} errors=${span.errors} ${marks.join(' ')}`.trimEnd();
}

async function writeGraph(
  context: ToolContext,
  answer: GraphAnswer,
  filter: Parameters<typeof whyEmpty>[2],
): Promise<Reply> {
  const { window, requests, services, edges, cascades, bottlenecks, coverage } = answer;
  const range = { startMs: Date.parse(window.start), endMs: Date.parse(window.end) };
  const why =
    coverage.lines_counted === 0
      ? await whyEmpty(context, 'trace_request', filter, range)
      : { notes: [], next: [] };
  return {
    head: `trace_request ${windowWords(answer)}: ${requests.total} requests, failed share ${requests.failed_share}`,
    sections: [
      noteSection([...why.notes, `summary: ${answer.summary}`, `read: ${coverage.note}`, ...answer.warnings]),
      {
        name: 'cascades',
        pieces: cascades.map(
          ({ origin, requests: failed, path, example }) =>
            `fails first in ${nameOf(origin)}: ${failed} requests, path ${path.map(nameOf).join(' > ')}, example id ${nameOf(example.value)}`,
        ),
      },
      {
        name: 'bottlenecks',
        pieces: bottlenecks.map(
          ({ service, reason }) => `bottleneck ${nameOf(service)}: ${sentence(reason)}`,
        ),
      },
      {
        name: 'calls',
        pieces: edges.map(
          ({ caller, callee, calls, failed_share, p50_ms, p95_ms }) =>
            `call ${nameOf(caller)} > ${nameOf(callee)} calls=${calls} failed=${failed_share} p50=${p50_ms}ms p95=${p95_ms}ms`,
        ),
      },
      {
        name: 'services',
        pieces: services.map(
          ({ service, lines, errors, calls, failed_share, p95_ms }) =>
            `service ${nameOf(service)} lines=${lines} errors=${errors} calls=${calls} failed=${failed_share} p95=${p95_ms}ms`,
        ),
      },
    ],
    cut: [],
    next: [...why.next, ...exampleNext(answer)],
  };
}

function exampleNext({ cascades, window }: GraphAnswer): NextCall[] {
  const example = cascades.find(({ example: { value } }) => SAFE_ID.test(value))?.example.value;
  if (!example) return [];
  const { start, end } = window;
  return [
    { tool: 'trace_request', arguments: { id: example, start, end }, shows: 'one of the failed requests' },
  ];
}
