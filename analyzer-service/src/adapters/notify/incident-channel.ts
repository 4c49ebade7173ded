/** What is told about an incident; the feature's own type has the same shape. */
export interface IncidentNote {
  readonly id: string;
  readonly state: 'firing' | 'acknowledged' | 'resolved';
  readonly title: string;
  readonly summary: string;
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

export interface IncidentChannel {
  readonly name: string;
  send(note: IncidentNote, reference: string | null, signal: AbortSignal): Promise<string | null>;
}
