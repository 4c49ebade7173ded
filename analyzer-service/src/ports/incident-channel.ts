/** Where incidents are told. Each has its own state and retries, so that none holds up another. */
export interface IncidentChannel {
  readonly name: string;
  /**
   * Tells of an incident, or changes what was told before where `reference` names it and the channel can. Resolves to
   * the reference for the next time. May be called twice for the same text when a process dies in between. Throws
   * AppError `invalid_configuration` where a further attempt would meet the same, an Error where it may not; no message
   * holds an address or a token.
   */
  send(note: IncidentNote, reference: string | null, signal: AbortSignal): Promise<string | null>;
}

/** An incident as it is told. */
export interface IncidentNote {
  readonly id: string;
  readonly state: 'firing' | 'acknowledged' | 'resolved';
  readonly title: string;
  readonly summary: string;
  /** The whole text by the template, with log lines. */
  readonly text: string;
  readonly services: readonly string[];
  readonly suspect: string | null;
  readonly startedMs: number;
  readonly endedMs: number | null;
  readonly link: string | null;
  /** Names of the alerts. */
  readonly alerts: readonly string[];
  readonly lines: readonly { readonly time: string; readonly service: string; readonly line: string }[];
  /** Where the alert was set up, when it says so. */
  readonly dashboardUid: string | null;
  readonly panelId: number | null;
}
