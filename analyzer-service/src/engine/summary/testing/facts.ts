import type { FindingFacts, SummaryFacts } from '../facts.ts';

const POOL: FindingFacts = {
  id: 'pool',
  kind: 'known_pattern',
  severity: 'high',
  service: 'payments',
  affected: ['api'],
  title: 'Connection pool exhausted in payments: 120 lines, none before',
  since: '2026-11-20T10:12:00.000Z',
  count: 120,
  baselineCount: 0,
  meaning: 'No connection of the pool was free in time.',
  causes: ['Connections are not given back', 'The pool is too small'],
  nextSteps: ['Look for connections that are held for long, then at the size of the pool.'],
  evidence: [
    {
      time: '2026-11-20T10:12:03.114Z',
      service: 'payments',
      line: 'HikariPool-1 - Connection is not available, request timed out after 30000ms',
    },
  ],
};

/** A pool that ran empty in payments; the api and the gateway complain. */
export const FACTS: SummaryFacts = {
  window: { start: '2026-11-20T10:00:00.000Z', end: '2026-11-20T10:30:00.000Z' },
  baseline: { start: '2026-11-20T09:30:00.000Z', end: '2026-11-20T10:00:00.000Z' },
  summary: 'payments waits for database connections since 10:12.',
  findings: [
    POOL,
    {
      ...POOL,
      id: 'timeouts',
      kind: 'new_template',
      service: 'api',
      affected: [],
      title: 'New in api: no answer in time, 1,204 lines',
      count: 1_204,
      meaning: null,
      causes: [],
      nextSteps: [],
    },
  ],
  suspects: [
    { service: 'payments', score: 0.91, reasons: ['It failed first, before api'], findingIds: ['pool'] },
    { service: 'api', score: 0.4, reasons: ['It depends on payments'], findingIds: ['timeouts'] },
  ],
  services: [
    { service: 'payments', lines: 5_120, errors: 120, baselineLines: 4_980, baselineErrors: 1 },
    { service: 'api', lines: 20_310, errors: 96, baselineLines: 20_105, baselineErrors: 4 },
    { service: 'gateway', lines: 50_000, errors: 0, baselineLines: 50_001, baselineErrors: 0 },
  ],
  notes: [],
};

export function manyFacts(count: number): SummaryFacts {
  const findings = Array.from({ length: count }, (_, index) => ({
    ...POOL,
    id: `pool-${index}`,
    service: `shop-${index}`,
  }));
  return { ...FACTS, findings: [POOL, ...findings] };
}
