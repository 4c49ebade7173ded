import { writeSummary } from '../../../engine/summary/write-summary.ts';
import { investigateWindow } from '../investigate-window.ts';
import { type ModelCall, readModelCall } from '../model-call.ts';
import type { ModeContext } from '../query-ai-logs.ts';
import { selector } from '../../../engine/logql/selector.ts';
import { isoTime } from '../iso-time.ts';
import type { ModeResult } from '../write-answer.ts';

const LINES_READ = 5_000;

/** What conversations with models did: turns in order, models, tokens, latency, errors. */
export async function conversation(context: ModeContext): Promise<ModeResult> {
  const { filter, labels, source, window, signal, query } = context;
  const inConversations = filter.ids.conversation_id ? '' : ' | conversation_id!=""';
  const logql = `${selector(filter, labels)}${inConversations}`;
  const [lines, { result, ...reading }] = await Promise.all([
    source.read('lines of conversations', { query: logql, range: window, limit: LINES_READ, signal }),
    investigateWindow(context),
  ]);
  const turns = lines.map(readModelCall).filter((turn) => turn !== null);
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

function summarise(turns: readonly ModelCall[]) {
  const byId = new Map<string, ModelCall[]>();
  for (const turn of turns) {
    const id = turn.line.fields['conversation_id'] ?? '';
    const others = byId.get(id);
    if (others) others.push(turn);
    else byId.set(id, [turn]);
  }
  return [...byId]
    .map(([conversation_id, of]) => {
      const durations = of.flatMap(({ latencyMs }) => latencyMs ?? []).sort((a, b) => a - b);
      return {
        conversation_id,
        started: isoTime(of[0]?.line.timeMs ?? 0),
        ended: isoTime(of.at(-1)?.line.timeMs ?? 0),
        turns: of.length,
        errors: of.filter(({ outcome }) => outcome === 'failed').length,
        models: [...new Set(of.flatMap(({ model }) => model ?? []))],
        tokens_used: of.reduce((sum, { tokens }) => sum + tokens.total, 0),
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

function writeTurn({ line, model, tokens, latencyMs, outcome, message }: ModelCall) {
  return {
    time: isoTime(line.timeMs),
    service: line.service,
    model,
    tokens_used: tokens.total,
    duration_ms: latencyMs,
    failed: outcome === 'failed',
    message,
  };
}
