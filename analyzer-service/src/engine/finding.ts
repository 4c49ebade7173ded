import type { LogLine } from './log-line.ts';

/** What a finding says. The names are part of the API. */
export const FINDING_KINDS = [
  'new_template',
  'elevated_template',
  'gone_template',
  'known_pattern',
  'error_rate',
  'volume',
  'latency',
  'silence',
  'cascade',
  'parameter_shift',
  'request_break',
  'config_change',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  /** Stable for the same kind, service and subject, so that two answers can be compared. */
  readonly id: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** 0 to 1: how sure and how large. Findings are ranked by severity, then by this. */
  readonly score: number;
  /** The service that the finding is about; a cascade names the one that failed first. */
  readonly service: string;
  /** Further services that it touches, without `service`. */
  readonly affected: readonly string[];
  /** One sentence in plain words, with its figures. */
  readonly title: string;
  /** Milliseconds since the epoch of the change; null when it cannot be told. */
  readonly sinceMs: number | null;
  /** Lines (or the unit that `title` names) in the window, and in a baseline scaled to the window's length. */
  readonly count: number;
  readonly baselineCount: number;
  /** The template's text, when the finding is about one. */
  readonly template: { readonly id: string; readonly text: string } | null;
  /** The known pattern, when one explains the finding. */
  readonly pattern: KnownPatternRef | null;
  /** Lines that prove it, oldest first: at most 5, real lines of the input. Empty only for `silence`. */
  readonly evidence: readonly LogLine[];
  /** Counts over the window in equal steps, for a sparkline; at most 60. */
  readonly series: readonly number[];
}

/** What the library of known patterns says about a line. */
export interface KnownPatternRef {
  readonly id: string;
  readonly category: 'connectivity' | 'performance' | 'ai' | 'security' | 'infrastructure' | 'data';
  readonly meaning: string;
  readonly causes: readonly string[];
  readonly nextSteps: readonly string[];
}

export interface Suspect {
  readonly service: string;
  /** 0 to 1, best first. */
  readonly score: number;
  /** Sentences, strongest first, each with its figures. Never empty. */
  readonly reasons: readonly string[];
  /** Ids of the findings that speak for it. */
  readonly findingIds: readonly string[];
}
