/** What browser tests find parts of the pages by, where no role or text does. */
export const testIds = {
  troubleshoot: {
    summary: 'sonde-summary',
    finding: 'sonde-finding',
    suspects: 'sonde-suspects',
    timeline: 'sonde-timeline',
    coverage: 'sonde-coverage',
  },
  live: {
    lines: 'sonde-live-lines',
    state: 'sonde-live-state',
    count: 'sonde-live-count',
    alerts: 'sonde-live-alerts',
  },
  patterns: { sum: 'sonde-patterns-sum' },
  requests: { graph: 'sonde-service-graph', waterfall: 'sonde-waterfall' },
  conversations: { conversation: 'sonde-conversation', workspace: 'sonde-workspace' },
  analyse: { title: 'sonde-analysis-title', account: 'sonde-analysis-account' },
  incidents: { incident: 'sonde-incident' },
} as const;
