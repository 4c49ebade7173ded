import type { FindingKind, KnownPatternRef, Severity } from '../finding.ts';
import type { LogLine } from '../log-line.ts';

/** Something that changed, before it is weighed against everything else that was looked at. */
export interface Anomaly {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly service: string;
  /** What it is about within the service (a template, a parameter): part of the finding's id. */
  readonly subject: string;
  /** Probability by chance, corrected within the series (for the change points tried) but not across series. */
  readonly probability: number;
  /** How many times more (or slower) than before; Infinity where there was nothing before. */
  readonly ratio: number;
  /** Told by following requests; the evidence of suspects counts those on their own. */
  readonly fromRequests?: true;
  readonly title: string;
  readonly sinceMs: number | null;
  readonly count: number;
  readonly baselineCount: number;
  readonly template: { readonly id: string; readonly text: string } | null;
  readonly pattern: KnownPatternRef | null;
  readonly evidence: readonly LogLine[];
  readonly series: readonly number[];
}

/** What a detector looked at and what it suspects: the number looked at is needed to correct for chance. */
export interface Detection {
  readonly anomalies: readonly Anomaly[];
  readonly tested: number;
}
