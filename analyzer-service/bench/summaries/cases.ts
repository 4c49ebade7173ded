import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { generateSample, SCENARIOS, type ScenarioName } from '@sonde/loki-sample';
import { factsOfInvestigation } from '../../src/engine/analysis/facts-of-analysis.ts';
import { Investigation } from '../../src/engine/investigation/investigation.ts';
import { type LogLine, parseLevel, type TimeRange } from '../../src/engine/log-line.ts';
import type { SummaryFacts } from '../../src/engine/summary/facts.ts';
import { rangeOf, readRecordedLines } from '../root-cause.ts';

/** A fault whose cause is known. */
export interface SummaryCase {
  readonly id: string;
  readonly service: string;
  /** What a summary that names the cause says; null where the cause shows in no line. */
  readonly cause: RegExp | null;
  facts(): Promise<SummaryFacts>;
}

const CAUSES: Readonly<Record<ScenarioName, RegExp>> = {
  'pool-exhaustion': /pool|connections?\b/i,
  'bad-deploy': /2\.8\.0|panic|deploy|version|index out of range|nil pointer/i,
  'model-limits': /429|rate limit|too many requests|timed? ?out/i,
  'disk-full': /disk|no space|space left/i,
  'login-attack': /log ?in|password|account|credential|sign.?in/i,
  'silent-service': /silen|stopped|no lines?\b|no longer|nothing|last line|stays? quiet/i,
  'slow-dependency': /slow|latenc|longer|duration|\bms\b|took/i,
};

const END_MS = Date.UTC(2026, 10, 20, 12);
const MINUTE_MS = 60_000;

/** The seven faults of the sample shop: half an hour against the half hour before. */
export function sampleCases(): readonly SummaryCase[] {
  return SCENARIOS.map(({ name, rootCause }) => ({
    id: name,
    service: rootCause,
    cause: CAUSES[name],
    facts: async () => {
      const window = { startMs: END_MS - 30 * MINUTE_MS, endMs: END_MS };
      const baseline = { startMs: END_MS - 60 * MINUTE_MS, endMs: window.startMs };
      const options = {
        scenario: name,
        seed: 1,
        linesPerSecond: 20,
        startMs: baseline.startMs,
        endMs: END_MS,
      };
      const lines = Array.from(generateSample(options), ({ labels, metadata, ...line }): LogLine => ({
        ...line,
        service: labels.service,
        level: parseLevel(labels.level),
        fields: metadata,
        weight: 1,
      }));
      return investigate(lines, window, baseline);
    },
  }));
}

interface RecordedCase {
  readonly id: string;
  readonly inject_ns: string;
  readonly normal: string;
  readonly root_cause_service: string;
  readonly fault_type: string;
}

/** The recorded faults below DATA/rca, each against a fault-free stretch of its day. */
export async function recordedCases(dataDir: string): Promise<readonly SummaryCase[]> {
  const folder = path.join(dataDir, 'rca');
  const rows = (await readFile(path.join(folder, 'cases.jsonl'), 'utf8'))
    .split('\n')
    .filter((row) => row.trim() !== '');
  return rows
    .map((row) => JSON.parse(row) as RecordedCase)
    .map(({ id, root_cause_service, fault_type, normal, inject_ns }) => ({
      id,
      service: root_cause_service,
      cause: fault_type === 'exception' ? /exception|error|fail/i : null,
      facts: async () => {
        const lines = await readRecordedLines(path.join(folder, 'cases', `${id}.logs.ndjson.gz`));
        const before = await readRecordedLines(path.join(folder, `${normal}.logs.ndjson.gz`));
        return investigate([...before, ...lines], rangeOf(lines), rangeOf(before), Number(inject_ns) / 1e6);
      },
    }));
}

function investigate(
  lines: readonly LogLine[],
  window: TimeRange,
  baseline: TimeRange,
  alertMs?: number,
): SummaryFacts {
  const investigation = new Investigation({
    window,
    baseline: [baseline],
    ...(alertMs === undefined ? {} : { alertMs }),
  });
  for (const line of lines) investigation.add(line);
  return factsOfInvestigation(investigation.finish(), window, baseline);
}
