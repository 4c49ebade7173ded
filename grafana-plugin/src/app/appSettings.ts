/** What the administrator configures; the key is kept apart, in `secureJsonData.apiKey`. */
export interface AppSettings {
  /** Address of the analyzer, as Grafana's server reaches it. */
  readonly apiUrl?: string;
}
