/**
 * The whole schema, as `migrations/` makes it on SQLite and on Postgres. Times are milliseconds since the epoch.
 */
export interface Database {
  readonly api_keys: ApiKeyRow;
  readonly audit_log: AuditRow;
  readonly jobs: JobRow;
  readonly pattern_notes: PatternNoteRow;
  readonly learned_templates: LearnedTemplateRow;
  readonly analyses: AnalysisRow;
  readonly prompt_templates: PromptTemplateRow;
  readonly settings: SettingsRow;
}

export const ROLES = ['viewer', 'analyst', 'admin'] as const;
/** What a caller may do; each may what the ones before it may. */
export type Role = (typeof ROLES)[number];

export interface ApiKeyRow {
  /** The public part of the key, shown in lists and in the audit log. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the whole key, in hex. The key itself is kept nowhere. */
  readonly hash: string;
  readonly created_ms: number;
  readonly revoked_ms: number | null;
}

interface AuditRow {
  readonly id: string;
  readonly time_ms: number;
  /** Id of an API key, or how somebody without one got in. */
  readonly actor: string;
  readonly action: string;
  readonly target: string;
}

/** On SQLite only: pg-boss keeps the jobs on Postgres. */
interface JobRow {
  readonly id: string;
  readonly kind: string;
  /** JSON. */
  readonly data: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** How often it was begun; also tells one holder of the lease from the next. */
  readonly attempts: number;
  readonly due_ms: number;
  readonly lease_until_ms: number | null;
  /** At most one job in each slot; null has no such limit. */
  readonly slot: string | null;
  readonly error: string | null;
  readonly finished_ms: number | null;
}

/** A pattern of somebody's own, or what was said about a known pattern or a learned template. */
export interface PatternNoteRow {
  readonly id: string;
  readonly origin: 'own' | 'library' | 'learned';
  readonly name: string;
  readonly wording: string | null;
  /** JSON of the engine's PatternDefinition; null for known and learned patterns. */
  readonly definition: string | null;
  readonly pinned: 0 | 1;
  readonly muted: 0 | 1;
  readonly changed_by: string;
  readonly changed_ms: number;
}

/** A template of one service and level, over all that the background job has read. */
interface LearnedTemplateRow {
  readonly service: string;
  readonly template_id: string;
  readonly wording: string;
  readonly level: string;
  readonly lines: number;
  readonly first_ms: number;
  readonly last_ms: number;
}

/** A text that somebody had analysed, or waits for it. */
interface AnalysisRow {
  readonly id: string;
  readonly created_ms: number;
  readonly finished_ms: number | null;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Id of an API key, or how somebody without one got in. */
  readonly actor: string;
  /** Names of the files, for people. */
  readonly title: string;
  readonly bytes: number;
  /** Which key of the environment both texts below are sealed with; null when they are plain. */
  readonly key_id: string | null;
  /** JSON of the request with its files; null once the analysis is over. */
  readonly input: string | null;
  /** JSON of the answer; null before. */
  readonly result: string | null;
  readonly error: string | null;
}

/** What a summary is for, in a user's words. */
interface PromptTemplateRow {
  readonly name: string;
  readonly text: string;
  readonly created_ms: number;
  readonly updated_ms: number;
}

interface SettingsRow {
  readonly name: string;
  /** JSON. */
  readonly value: string;
  readonly updated_ms: number;
}
