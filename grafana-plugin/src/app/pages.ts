import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

export interface Page {
  /** Below the app: /a/sonde-troubleshoot-app/<path>. The same word as the feature's folder. */
  readonly path: string;
  readonly component: LazyExoticComponent<ComponentType>;
}

/** Every page is one row here and one entry of `includes` in plugin.json. The first one is home. */
export const PAGES: readonly Page[] = [
  { path: 'troubleshoot', component: lazy(() => import('../features/troubleshoot/TroubleshootPage')) },
  { path: 'live', component: lazy(() => import('../features/live/LivePage')) },
  { path: 'patterns', component: lazy(() => import('../features/patterns/PatternsPage')) },
  { path: 'requests', component: lazy(() => import('../features/requests/RequestsPage')) },
  { path: 'analyse', component: lazy(() => import('../features/analyse/AnalysePage')) },
  { path: 'incidents', component: lazy(() => import('../features/incidents/IncidentsPage')) },
  { path: 'conversations', component: lazy(() => import('../features/conversations/ConversationsPage')) },
];
