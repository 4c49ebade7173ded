/** A conversation of somebody with a model. */
export interface ChatSessionRow {
  readonly id: string;
  /** Id of an API key, or how somebody without one got in. */
  readonly actor: string;
  readonly created_ms: number;
  readonly updated_ms: number;
  readonly turns: number;
  /** Which key of the environment `head` is sealed with; null when it is plain. */
  readonly key_id: string | null;
  /** JSON of title and instruction. */
  readonly head: string;
  /** While an answer is written: who writes it, and until when it must be there. */
  readonly busy_by: string | null;
  readonly busy_until_ms: number | null;
}

export interface ChatTurnRow {
  readonly session_id: string;
  /** From 1. */
  readonly number: number;
  readonly role: 'user' | 'assistant';
  /** A message waits for its answer; what no model answered has failed, and may be sent again. */
  readonly state: 'waiting' | 'done' | 'failed';
  readonly created_ms: number;
  readonly key_id: string | null;
  readonly text: string;
  readonly error: string | null;
  /** Of answers. */
  readonly model: string | null;
  readonly prompt_tokens: number | null;
  readonly answer_tokens: number | null;
  readonly took_ms: number | null;
}

/** What one caller had one model do on one day. */
export interface ModelUsageRow {
  /** Id of an API key, or how somebody without one got in; `background` for jobs. */
  readonly actor: string;
  /** Midnight UTC. */
  readonly day_ms: number;
  readonly model: string;
  readonly requests: number;
  readonly prompt_tokens: number;
  readonly answer_tokens: number;
}
