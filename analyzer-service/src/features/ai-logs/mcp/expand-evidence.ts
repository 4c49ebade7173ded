import type { LogLine } from '../../../engine/log-line.ts';
import { selector } from '../../../engine/logql/selector.ts';
import { AppError } from '../../../errors.ts';
import { isoTime } from '../iso-time.ts';
import { writeLine } from '../write-finding.ts';
import { type EvidenceId, isLineOf, readEvidenceId } from './evidence-id.ts';
import { nameOf, quoteLog, sentence } from './log-text.ts';
import type { Reply } from './reply.ts';
import type { ToolContext } from './tool.ts';
import { linePiece, noteSection, traceNext } from './write-parts.ts';

const TEXT_CHARACTERS_MAX = 4_000;
const FIELDS_MAX = 30;
const AROUND_MS = 60_000;
const AROUND_LINES = 10;
/** Lines of one service in the milliseconds of the id, and in the minute after it, that are looked at. */
const LOOKED_AT = 1_000;

/** The line that an evidence id names: its whole text and fields, and what its service wrote around it. */
export async function expandEvidence(context: ToolContext, id: string): Promise<Reply> {
  const evidence = readEvidenceId(id);
  if (!evidence)
    throw new AppError(
      'invalid_request',
      'evidence is an id like e:c8k2j3h4d5f6:9f3a2c:api, copied exactly from the end of a line of an answer.',
    );
  const { line, before, after } = await readAround(context, evidence);
  const { aiLogs } = context;
  const written = writeLine(line);
  const pattern = aiLogs.patterns().match(line.text);
  const fields = Object.entries(line.fields).slice(0, FIELDS_MAX);
  const piece = (other: LogLine) => linePiece(writeLine(other));
  return {
    head: `evidence ${id}`,
    sections: [
      {
        name: 'parts of the line',
        pieces: [
          `line: ${written.time} ${nameOf(line.service)} ${line.level} ${quoteLog(line.text, TEXT_CHARACTERS_MAX)}`,
          ...(fields.length > 0
            ? [`fields: ${fields.map(([name, value]) => `${nameOf(name)}=${nameOf(value)}`).join(' ')}`]
            : []),
        ],
      },
      noteSection(
        pattern
          ? [
              `means: ${pattern.meaning} causes: ${pattern.causes.join('; ')} do: ${pattern.nextSteps.join('; ')}`,
            ]
          : [],
      ),
      {
        name: 'lines around it',
        pieces: [
          ...before.map((other) => `before: ${piece(other)}`),
          ...after.map((other) => `after: ${piece(other)}`),
        ],
      },
    ],
    cut: [],
    next: [
      ...traceNext(written, aiLogs.requestIdFields),
      {
        tool: 'explain_line',
        arguments: { evidence: id },
        shows: 'what the line means and how often it was written, now and before',
      },
    ],
  };
}

/** The line of an id, or `not_found`. */
export async function readEvidence({ aiLogs, signal }: ToolContext, evidence: EvidenceId): Promise<LogLine> {
  const { service, timestampNs } = evidence;
  const ms = Math.floor(Number(timestampNs.slice(0, -6)));
  const query = selector({ services: [service], ids: {} }, aiLogs.labels);
  const range = { startMs: ms, endMs: ms + 1 };
  const lines = ms > 0 ? await aiLogs.logs.readLines({ query, range, limit: LOOKED_AT, signal }) : [];
  const line = lines.find((candidate) => isLineOf(evidence, candidate));
  if (line) return line;
  const when = ms > 0 && ms < 8.64e15 ? ` of ${isoTime(ms)}` : '';
  throw new AppError(
    'not_found',
    `There is no line${when} of ${sentence(service, 100)} with this id: it was not copied exactly, or is older than the store keeps. Ask query_logs for the time around it.`,
  );
}

async function readAround(context: ToolContext, evidence: EvidenceId) {
  const line = await readEvidence(context, evidence);
  const { aiLogs, signal } = context;
  const query = selector({ services: [line.service], ids: {} }, aiLogs.labels);
  const ms = Math.floor(line.timeMs);
  const [before, after] = await Promise.all([
    aiLogs.logs.readLines({
      query,
      range: { startMs: ms - AROUND_MS, endMs: ms + 1 },
      limit: AROUND_LINES,
      signal,
    }),
    aiLogs.logs.readLines({
      query,
      range: { startMs: ms + 1, endMs: ms + AROUND_MS },
      limit: LOOKED_AT,
      signal,
    }),
  ]);
  return {
    line,
    before: before.filter((other) => !isLineOf(evidence, other)),
    after: after.slice(0, AROUND_LINES / 2),
  };
}
