/** Where incidents are told. Each has its own state and retries, so that none holds up another. */
export interface Channel {
  readonly name: string;
  /**
   * Tells of an incident, or changes what was told before where `reference` names it and the channel can. Resolves to
   * the reference for the next time. May be called twice for the same text when a process dies in between.
   * Throws DeliveryError.
   */
  send(note: Note, reference: string | null, signal: AbortSignal): Promise<string | null>;
}

/** An incident as it is told. */
export interface Note {
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
  readonly alerts: readonly string[];
  readonly lines: readonly { readonly time: string; readonly service: string; readonly line: string }[];
  readonly dashboardUid: string | null;
  readonly panelId: number | null;
}
