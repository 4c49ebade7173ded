import type { Severity } from '../finding.ts';

/** What a summary may be written from, whoever found it: a query on Loki, or the analysis of a file. Times are ISO 8601. */
export interface SummaryFacts {
  readonly window: { readonly start: string; readonly end: string } | null;
  readonly baseline: { readonly start: string; readonly end: string } | null;
  /** The summary as writeSummary wrote it. */
  readonly summary: string;
  /** Strongest first. */
  readonly findings: readonly FindingFacts[];
  /** Most suspect first. */
  readonly suspects: readonly {
    readonly service: string;
    readonly score: number;
    readonly reasons: readonly string[];
    readonly findingIds: readonly string[];
  }[];
  readonly services: readonly ServiceFacts[];
  /** What the reader of the summary has to know about how complete it is. */
  readonly notes: readonly string[];
}

export interface FindingFacts {
  readonly id: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly service: string;
  readonly affected: readonly string[];
  readonly title: string;
  readonly since: string | null;
  readonly count: number;
  readonly baselineCount: number;
  /** What the library of known patterns says about it. */
  readonly meaning: string | null;
  readonly causes: readonly string[];
  readonly nextSteps: readonly string[];
  readonly evidence: readonly { readonly time: string; readonly service: string; readonly line: string }[];
}

/** Lines and errors of one service in the window, and in the baseline where there is one. */
export interface ServiceFacts {
  readonly service: string;
  readonly lines: number;
  readonly errors: number;
  readonly baselineLines: number;
  readonly baselineErrors: number;
}
