/** An incident that alerts opened, in few words. Times are ISO 8601; names and texts may come from logs and alerts. */
export interface IncidentHead {
  readonly id: string;
  readonly state: string;
  readonly title: string;
  readonly summary: string;
  readonly services: readonly string[];
  readonly suspect: string | null;
  readonly started: string;
  readonly ended: string | null;
  readonly feedback: { readonly verdict: string; readonly true_cause: string | null } | null;
}

interface IncidentLine {
  readonly timestamp_ns: string;
  readonly time: string;
  readonly service: string;
  readonly level: string;
  readonly line: string;
}

/** The same with all that proves it. */
export interface IncidentDetail extends IncidentHead {
  readonly window: { readonly start: string; readonly end: string } | null;
  readonly alerts: readonly { readonly name: string; readonly state: string; readonly starts: string }[];
  readonly findings: readonly {
    readonly kind: string;
    readonly severity: string;
    readonly service: string;
    readonly title: string;
    readonly since: string | null;
    readonly evidence: readonly IncidentLine[];
    readonly evidence_query: string;
  }[];
  readonly suspects: readonly { readonly service: string; readonly reasons: readonly string[] }[];
  readonly timeline: readonly { readonly time: string; readonly kind: string; readonly text: string }[];
}

interface IncidentsAsked {
  readonly state?: 'firing' | 'acknowledged' | 'resolved' | undefined;
  readonly service?: string | undefined;
  readonly limit: number;
}

/** The incidents as agents read them, whoever keeps them. */
export interface AgentIncidents {
  /** The newest first, and whether there are more. */
  list(
    asked: IncidentsAsked,
  ): Promise<{ readonly incidents: readonly IncidentHead[]; readonly more: boolean }>;
  /** Null when there is none with this id. */
  read(id: string): Promise<IncidentDetail | null>;
}
