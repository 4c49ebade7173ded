/** What browser tests find parts of the pages by, where no role or text does. */
export const testIds = {
  troubleshoot: {
    summary: 'sonde-summary',
    finding: 'sonde-finding',
    suspects: 'sonde-suspects',
    timeline: 'sonde-timeline',
    coverage: 'sonde-coverage',
  },
} as const;
