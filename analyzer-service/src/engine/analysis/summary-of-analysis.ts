import { writeSummary } from '../summary/write-summary.ts';
import type { Analysis } from './analysis.ts';

export function summaryOf({ result, timeline, baseline }: Analysis): string {
  return writeSummary({
    findings: result.findings,
    suspects: result.suspects,
    counts: timeline.bySeries(),
    baseline,
  });
}
