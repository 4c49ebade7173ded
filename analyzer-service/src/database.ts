/**
 * The whole schema, as `migrations/` makes it on SQLite and on Postgres. Times are milliseconds since the epoch.
 */
export interface Database {
  readonly api_keys: ApiKeyRow;
  readonly audit_log: AuditRow;
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
