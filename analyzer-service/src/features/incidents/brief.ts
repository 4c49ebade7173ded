/** What was found about an incident, in the terms of the API. */
export interface Brief {
  readonly window: { readonly start: string; readonly end: string };
  readonly baseline: { readonly start: string; readonly end: string } | null;
  readonly summary: string;
  readonly findings: readonly BriefFinding[];
  readonly suspects: readonly {
    readonly service: string;
    readonly score: number;
    readonly reasons: readonly string[];
  }[];
  readonly warnings: readonly string[];
}

interface BriefFinding {
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  readonly service: string;
  readonly affected: readonly string[];
  readonly title: string;
  readonly since: string | null;
  readonly evidence: readonly BriefLine[];
  readonly evidence_query: string;
}

interface BriefLine {
  readonly timestamp_ns: string;
  readonly time: string;
  readonly service: string;
  readonly level: string;
  readonly line: string;
}

interface AnalysisRequest {
  readonly startMs: number;
  readonly endMs: number;
  /** Null for all services. */
  readonly services: readonly string[] | null;
}

interface Analysis {
  readonly brief: Brief;
  /** The same in better words, within a time limit; null where the findings' own are all there is. May fail. */
  reword(signal: AbortSignal): Promise<string | null>;
}

/** Runs troubleshoot over a window against the time before. Throws AppError. */
export type Analyse = (request: AnalysisRequest, signal: AbortSignal) => Promise<Analysis>;
