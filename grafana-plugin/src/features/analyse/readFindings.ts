import type { AnalysisResult } from '../../../../analyzer-service/src/contract.ts';
import type { Finding } from '../../shared/findings/FindingCard';

/** As those of a window of Loki are shown; file and number of a line take the place of its labels. */
export function readFindings({ findings }: AnalysisResult): readonly Finding[] {
  return findings.map(({ evidence, ...finding }) => ({
    ...finding,
    evidence: evidence.map(({ file, line_number, line, time, timestamp_ns, level, service }) => ({
      line: `${file}:${line_number}  ${line}`,
      time,
      timestamp_ns: timestamp_ns ?? '',
      level: level as Finding['evidence'][number]['level'],
      service,
      labels: {},
    })),
  }));
}
