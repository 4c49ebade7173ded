import type {
  AlertReceiptRow,
  IncidentAlertRow,
  IncidentDeliveryRow,
  IncidentEventRow,
  IncidentRow,
} from './database/incident-tables.ts';
import type { ChatSessionRow, ChatTurnRow, ModelUsageRow } from './database/model-tables.ts';

/**
 * The whole schema, as `migrations/` makes it on SQLite and on Postgres. Times are milliseconds since the epoch.
 */
export interface Database {
  readonly api_keys: ApiKeyRow;
  readonly audit_log: AuditRow;
  readonly jobs: JobRow;
  readonly pattern_notes: PatternNoteRow;
  readonly learned_templates: LearnedTemplateRow;
  readonly new_patterns: NewPatternRow;
  readonly analyses: AnalysisRow;
  readonly prompt_templates: PromptTemplateRow;
  readonly settings: SettingsRow;
  readonly saved_exports: SavedExportRow;
  readonly learning_state: LearningStateRow;
  readonly ai_operations: OperationRow;
  readonly ai_conversations: ConversationRow;
  readonly ai_correlations: CorrelationRow;
  readonly ai_workspace_usage: WorkspaceUsageRow;
  readonly ai_error_patterns: ErrorPatternRow;
  readonly ai_performance_baselines: PerformanceBaselineRow;
  readonly alert_receipts: AlertReceiptRow;
  readonly incidents: IncidentRow;
  readonly incident_alerts: IncidentAlertRow;
  readonly incident_events: IncidentEventRow;
  readonly incident_deliveries: IncidentDeliveryRow;
  readonly chat_sessions: ChatSessionRow;
  readonly chat_turns: ChatTurnRow;
  readonly model_usage: ModelUsageRow;
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
export interface LearnedTemplateRow {
  readonly service: string;
  readonly template_id: string;
  readonly wording: string;
  readonly level: string;
  readonly lines: number;
  readonly first_ms: number;
  readonly last_ms: number;
}

/** A wording that its service never wrote before. */
interface NewPatternRow {
  readonly service: string;
  readonly template_id: string;
  readonly level: string;
  readonly wording: string;
  readonly lines: number;
  readonly first_ms: number;
  readonly found_ms: number;
  /** When it was written to Loki. */
  readonly told_ms: number | null;
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

/** How far the background job has come. */
export interface LearningStateRow {
  readonly id: 'logs';
  /** Everything from here on up to `until_ms` was read. */
  readonly since_ms: number;
  readonly until_ms: number;
  /** JSON of a MinerSnapshot without parameters: every wording seen so far, with its count. */
  readonly miner: string;
}

/** A call of a model that ended, or was tried and will be again. */
export interface OperationRow {
  readonly id: string;
  readonly time_ms: number;
  readonly service: string;
  readonly model: string;
  readonly outcome: 'answered' | 'failed' | 'retried';
  readonly request_id: string | null;
  readonly conversation_id: string | null;
  readonly workspace_id: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly latency_ms: number | null;
}

interface ConversationRow {
  readonly conversation_id: string;
  readonly workspace_id: string | null;
  readonly started_ms: number;
  readonly ended_ms: number;
  /** JSON list of names. */
  readonly models: string;
  readonly calls: number;
  readonly failed: number;
  readonly retries: number;
  readonly total_tokens: number;
}

/** A request that was followed: those that failed, and some of the others. */
export interface CorrelationRow {
  /** The field that carries the id. */
  readonly field: string;
  readonly request_id: string;
  readonly started_ms: number;
  readonly duration_ms: number;
  /** JSON list of names, in the order of their first line. */
  readonly services: string;
  readonly lines: number;
  readonly broke_at: string | null;
  readonly bottleneck: string | null;
}

interface WorkspaceUsageRow {
  readonly workspace_id: string;
  /** Midnight UTC. */
  readonly day_ms: number;
  readonly model: string;
  readonly calls: number;
  readonly failed: number;
  readonly retries: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
}

/** Lines of one wording at an error level in one slice of time. */
export interface ErrorPatternRow {
  readonly service: string;
  readonly template_id: string;
  readonly level: string;
  readonly start_ms: number;
  readonly wording: string;
  readonly known_pattern_id: string | null;
  readonly lines: number;
  readonly first_timestamp_ns: string;
}

/** What is usual for a service in one slice of time: exact counts, and quantiles of the durations that lines state. */
export interface PerformanceBaselineRow {
  readonly service: string;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly lines: number;
  readonly errors: number;
  readonly measured_lines: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
}

/** An export that a background job writes to a file. */
export interface SavedExportRow {
  readonly id: string;
  readonly created_ms: number;
  readonly finished_ms: number | null;
  /** Id of an API key, or how somebody without one got in. */
  readonly actor: string;
  /** JSON of the request, with a window that stands still. */
  readonly request: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly attempts: number;
  readonly rows_done: number;
  readonly rows_total: number | null;
  readonly bytes: number;
  readonly file_name: string | null;
  readonly content_type: string | null;
  readonly error: string | null;
}
