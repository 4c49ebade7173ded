import type { Row, Table } from './formats/table.ts';

/** A finding as the query endpoint answers it. */
export interface ExportedFinding {
  readonly severity: string;
  readonly kind: string;
  readonly service: string;
  readonly affected: readonly string[];
  readonly title: string;
  readonly since: string | null;
  readonly count: number;
  readonly baseline_count: number;
  readonly score: number;
  readonly pattern: { readonly meaning: string; readonly next_steps: readonly string[] } | null;
  readonly evidence_query: string;
  readonly evidence: readonly { readonly time: string; readonly line: string }[];
}

const COLUMNS = [
  'severity',
  'kind',
  'service',
  'affected',
  'title',
  'since',
  'count',
  'baseline_count',
  'score',
  'meaning',
  'next_steps',
  'evidence_query',
  'evidence',
] as const;

export function exportFindings(findings: readonly ExportedFinding[]): Table {
  return {
    title: 'findings',
    columns: COLUMNS,
    rowsTotal: findings.length,
    pages: onePage(findings.map(rowOf)),
  };
}

function rowOf(finding: ExportedFinding): Row {
  const { severity, kind, service, affected, title, since, count, baseline_count, score, pattern } = finding;
  return [
    severity,
    kind,
    service,
    affected.join(', '),
    title,
    since,
    count,
    baseline_count,
    score,
    pattern?.meaning ?? null,
    pattern?.next_steps.join('\n') ?? null,
    finding.evidence_query,
    finding.evidence.map(({ time, line }) => `${time} ${line}`).join('\n'),
  ];
}

async function* onePage(rows: readonly Row[]): AsyncGenerator<readonly Row[], void> {
  yield await Promise.resolve(rows);
}
