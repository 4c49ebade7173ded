import { type LogLine, isErrorLevel } from '../../../engine/log-line.ts';
import { writeSummary } from '../../../engine/summary/write-summary.ts';
import { investigateWindow } from '../investigate-window.ts';
import type { ModeContext } from '../query-ai-logs.ts';
import { namedValues, valueOf } from '../named-values.ts';
import { selector } from '../selector.ts';
import { isoTime } from '../iso-time.ts';
import type { ModeResult } from '../write-answer.ts';

const LINES_READ = 5_000;

interface Turn {
  readonly conversationId: string;
  readonly timeMs: number;
  readonly service: string;
  readonly model: string | null;
  readonly tokens: number;
  readonly durationMs: number | null;
  readonly failed: boolean;
  readonly message: string;
}

/** What conversations with models did: turns in order, models, tokens, latency, errors. */
export async function conversation(context: ModeContext): Promise<ModeResult> {
  const { filter, labels, source, window, signal, query } = context;
  const inConversations = filter.ids.conversation_id ? '' : ' | conversation_id!=""';
  const logql = `${selector(filter, labels)}${inConversations}`;
  const [lines, { result, ...reading }] = await Promise.all([
    source.read('lines of conversations', { query: logql, range: window, limit: LINES_READ, signal }),
    investigateWindow(context),
  ]);
  const turns = lines.map(readTurn).filter((turn) => turn !== null);
  const conversations = summarise(turns);
  const { findings, suspects, templates } = result;
  const told =
    turns.length === 0 ? 'No line of a conversation with a model in this window.' : describe(conversations);
  return {
    ...reading,
    summary: `${told} ${writeSummary({ findings, suspects, counts: reading.counts, baseline: context.baseline })}`,
    findings,
    suspects,
    templates,
    details: {
      conversations: conversations.slice(0, query.limit),
      conversations_found: conversations.length,
      turns: filter.ids.conversation_id ? turns.slice(0, query.limit).map(writeTurn) : [],
    },
    warnings:
      lines.length === LINES_READ ? [`Only the newest ${LINES_READ} lines of conversations were read.`] : [],
  };
}

/** A line is a turn when it names a model or failed; the others (context loaded, stream opened ...) are not. */
function readTurn(line: LogLine): Turn | null {
  const named = namedValues(line);
  const model = valueOf(line, named, ['model', 'model_name', 'llm_model']) ?? null;
  const failed = isErrorLevel(line.level);
  if (model === null && !failed) return null;
  return {
    conversationId: valueOf(line, named, ['conversation_id']) ?? '',
    timeMs: line.timeMs,
    service: line.service,
    model,
    tokens: Number(valueOf(line, named, ['tokens_used', 'total_tokens', 'tokens']) ?? 0) || 0,
    durationMs: milliseconds(valueOf(line, named, ['duration_ms', 'latency_ms', 'duration', 'latency'])),
    failed,
    message: named.message,
  };
}

function summarise(turns: readonly Turn[]) {
  const byId = new Map<string, Turn[]>();
  for (const turn of turns) {
    const others = byId.get(turn.conversationId);
    if (others) others.push(turn);
    else byId.set(turn.conversationId, [turn]);
  }
  return [...byId]
    .map(([conversation_id, of]) => {
      const durations = of.flatMap(({ durationMs }) => durationMs ?? []).sort((a, b) => a - b);
      return {
        conversation_id,
        started: isoTime(of[0]?.timeMs ?? 0),
        ended: isoTime(of.at(-1)?.timeMs ?? 0),
        turns: of.length,
        errors: of.filter(({ failed }) => failed).length,
        models: [...new Set(of.flatMap(({ model }) => model ?? []))],
        tokens_used: of.reduce((sum, { tokens }) => sum + tokens, 0),
        median_duration_ms: durations[Math.floor(durations.length / 2)] ?? null,
      };
    })
    .sort((a, b) => b.errors - a.errors || b.turns - a.turns);
}

function describe(conversations: ReturnType<typeof summarise>): string {
  const sum = (of: 'turns' | 'errors' | 'tokens_used') =>
    conversations.reduce((all, one) => all + one[of], 0).toLocaleString('en');
  const models = [...new Set(conversations.flatMap((one) => one.models))].sort().join(', ');
  return `${conversations.length.toLocaleString('en')} conversation(s) with ${sum('turns')} turns, ${sum('errors')} of them failed, ${sum('tokens_used')} tokens, models ${models || 'unnamed'}.`;
}

function writeTurn({ timeMs, service, model, tokens, durationMs, failed, message }: Turn) {
  return {
    time: isoTime(timeMs),
    service,
    model,
    tokens_used: tokens,
    duration_ms: durationMs,
    failed,
    message,
  };
}

/** '1.5s', '250ms' or a bare number of milliseconds. */
function milliseconds(text: string | undefined): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|us|µs)?$/.exec(text ?? '');
  if (!match) return null;
  const scale = { ms: 1, s: 1_000, m: 60_000, us: 0.001, µs: 0.001 }[(match[2] ?? 'ms') as 'ms'];
  return Number(match[1]) * scale;
}
