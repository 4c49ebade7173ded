export const TABS = ['analyzer', 'models', 'settings', 'templates'] as const;

/** The page's state, all of it in the URL; Grafana itself uses `page`. */
export interface ConfigurationState {
  readonly tab: (typeof TABS)[number];
}

export function readConfiguration(search: URLSearchParams): ConfigurationState {
  return { tab: TABS.find((known) => known === search.get('tab')) ?? TABS[0] };
}

export function writeConfiguration({ tab }: ConfigurationState) {
  return { tab: tab === TABS[0] ? '' : tab };
}
