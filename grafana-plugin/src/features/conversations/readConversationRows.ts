import type { AiLogsAnswer } from '../../../../analyzer-service/src/contract.ts';

/** A conversation in the list of `mode=conversation`. */
export interface ConversationRow {
  readonly conversation_id: string;
  readonly started: string;
  readonly turns: number;
  readonly errors: number;
  readonly models: readonly string[];
  readonly tokens_used: number;
  readonly median_duration_ms: number | null;
}

/** `details` holds what only one mode has, so that its type says nothing of it. */
export function readConversationRows({ details }: AiLogsAnswer): {
  readonly rows: readonly ConversationRow[];
  readonly found: number;
} {
  const { conversations, conversations_found } = details as {
    readonly conversations?: readonly ConversationRow[];
    readonly conversations_found?: number;
  };
  const rows = Array.isArray(conversations) ? conversations : [];
  return { rows, found: conversations_found ?? rows.length };
}
