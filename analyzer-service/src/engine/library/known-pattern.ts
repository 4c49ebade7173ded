import type { KnownPatternRef, Severity } from '../finding.ts';

/** A kind of trouble that is known from elsewhere, as it is shown to a reader. */
export interface KnownPattern extends KnownPatternRef {
  readonly severity: Severity;
}

/** A known pattern and how a line of it is recognised. */
export interface PatternDefinition extends KnownPattern {
  /**
   * Words of which a line must contain at least one: printable ASCII, upper and lower case alike, as whole words.
   * A mention that is denied ("0 deadlocks", "oom_killed=false") does not count.
   */
  readonly literals: readonly string[];
  /** RE2, case-insensitive: what the same physical line must match besides. Without it a literal is enough. */
  readonly regex?: string;
}
