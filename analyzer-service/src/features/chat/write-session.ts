import type { ChatStore, SessionRow } from './chat-store.ts';
import type { ChatSession, ChatSessionHead, ChatTurn } from './schema.ts';

type TurnRow = Awaited<ReturnType<ChatStore['turns']>>[number];

/** A session of a list is shown also when its key is missing. */
export function writeHead(store: ChatStore, row: SessionRow, nowMs: number): ChatSessionHead {
  return { ...bareHead(row, nowMs), title: titleIfReadable(store, row) };
}

/** Throws `invalid_configuration` when its key is missing. */
export function writeSession(
  store: ChatStore,
  row: SessionRow,
  turns: readonly TurnRow[],
  nowMs: number,
): ChatSession {
  const { title, instruction } = store.headOf(row);
  const head = bareHead(row, nowMs);
  const messages = turns.map((turn) => writeTurn(turn, head.answering));
  return { ...head, title, instruction, messages };
}

function bareHead(row: SessionRow, nowMs: number): Omit<ChatSessionHead, 'title'> {
  return {
    id: row.id,
    actor: row.actor,
    created: new Date(row.created_ms).toISOString(),
    updated: new Date(row.updated_ms).toISOString(),
    turns: row.turns,
    answering: (row.busy_until_ms ?? 0) > nowMs,
    encrypted: row.key_id !== null,
  };
}

function titleIfReadable(store: ChatStore, row: SessionRow): string | null {
  try {
    return store.headOf(row).title;
  } catch {
    return null;
  }
}

function writeTurn(row: TurnRow, answering: boolean): ChatTurn {
  const { prompt_tokens: prompt, answer_tokens: answer } = row;
  const isLost = row.state === 'waiting' && !answering;
  return {
    turn: row.number,
    role: row.role,
    state: isLost ? 'failed' : row.state,
    message: row.text,
    created: new Date(row.created_ms).toISOString(),
    error: isLost ? 'The service ended before there was an answer. Send it again with retry.' : row.error,
    model: row.model,
    tokens_used: prompt === null || answer === null ? null : { prompt, answer, total: prompt + answer },
    processing_time: row.took_ms,
  };
}
