/** An alert as Grafana or Alertmanager sent it, within limits and without secrets. */
export interface Alert {
  /** Fingerprint and start: equal for each repetition of the same alert. */
  readonly id: string;
  readonly fingerprint: string;
  readonly state: 'firing' | 'resolved';
  readonly name: string;
  readonly startsMs: number;
  readonly endsMs: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Where the rule is, when that is an http address. */
  readonly ruleUrl: string | null;
  readonly dashboardUid: string | null;
  readonly panelId: number | null;
  /** Services that labels, annotations or the rule's LogQL name; they need not exist. */
  readonly services: readonly string[];
}
