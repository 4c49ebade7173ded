import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

export interface Page {
  /** Below the app: /a/sonde-troubleshoot-app/<path>. The same word as the feature's folder. */
  readonly path: string;
  readonly component: LazyExoticComponent<ComponentType>;
  /** Fetches its script, so that it is there when it is drawn. */
  readonly preload: () => void;
}

/** Every page is one row here and one entry of `includes` in plugin.json. The first one is home. */
export const PAGES: readonly Page[] = [
  page('troubleshoot', () => import('../features/troubleshoot/TroubleshootPage')),
  page('live', () => import('../features/live/LivePage')),
  page('patterns', () => import('../features/patterns/PatternsPage')),
  page('requests', () => import('../features/requests/RequestsPage')),
  page('analyse', () => import('../features/analyse/AnalysePage')),
  page('incidents', () => import('../features/incidents/IncidentsPage')),
  page('conversations', () => import('../features/conversations/ConversationsPage')),
];

function page(path: string, load: () => Promise<{ default: ComponentType }>): Page {
  return { path, component: lazy(load), preload: () => void load().catch(() => undefined) };
}
