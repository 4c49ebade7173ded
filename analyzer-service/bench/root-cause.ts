import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { Investigation } from '../src/engine/investigation/investigation.ts';
import type { LogLine, TimeRange } from '../src/engine/log-line.ts';
import { parseLevel } from '../src/engine/log-line.ts';
import type { BenchPart } from './bench-part.ts';

/** A case of `rca/cases.jsonl`; the true answer may be missing. */
interface RootCauseCase {
  readonly id: string;
  readonly inject_ns: string;
  readonly normal: string;
  readonly root_cause_service?: string;
  readonly fault_type?: string;
}

/** Root causes of the recorded faults under `rca/`: what the scorer reads, and how often the true service comes first. */
export const rootCausePart: BenchPart = {
  name: 'root-cause',
  async run({ data, out }) {
    if (!existsSync(path.join(data, 'rca', 'cases.jsonl'))) return null;
    console.log('\nRoot causes of recorded faults: % of cases whose true service is among the first k');
    const startedMs = performance.now();
    const figures = await benchRootCause(data, out);
    return { figures, tookMs: Math.round(performance.now() - startedMs) };
  },
};

/** Ranks the services of every case under DATA/rca and writes `OUT/rca.tsv`; prints a table where the truth is known. */
export async function benchRootCause(dataDir: string, outDir: string): Promise<object> {
  const folder = path.join(dataDir, 'rca');
  const cases = (await readFile(path.join(folder, 'cases.jsonl'), 'utf8'))
    .split('\n')
    .filter((row) => row.trim() !== '')
    .map((row) => JSON.parse(row) as RootCauseCase);
  const rows: string[] = [];
  const ranks = new Map<string, number[]>();
  for (const each of cases) {
    const ranking = await rankCase(folder, each);
    rows.push(`${each.id}\t${ranking.join(',')}`);
    if (each.root_cause_service === undefined) continue;
    const rank = ranking.indexOf(each.root_cause_service);
    for (const group of ['all', each.fault_type ?? 'unknown']) {
      ranks.set(group, [...(ranks.get(group) ?? []), rank < 0 ? Infinity : rank + 1]);
    }
  }
  await mkdir(outDir, { recursive: true });
  await writeFile(path.join(outDir, 'rca.tsv'), `${rows.join('\n')}\n`);
  const figures = Object.fromEntries([...ranks].map(([group, values]) => [group, accuracy(values)]));
  if (ranks.size > 0) console.table(figures);
  else console.log(`${cases.length} cases ranked; the true services are not known here.`);
  return figures;
}

/** The services of one case, most suspect first. */
export async function rankCase(folder: string, { id, inject_ns, normal }: RootCauseCase): Promise<string[]> {
  const lines = await readRecordedLines(path.join(folder, 'cases', `${id}.logs.ndjson.gz`));
  const baseline = await readRecordedLines(path.join(folder, `${normal}.logs.ndjson.gz`));
  const investigation = new Investigation({
    window: rangeOf(lines),
    baseline: [rangeOf(baseline)],
    alertMs: Number(inject_ns) / 1e6,
  });
  for (const line of lines) investigation.add(line);
  for (const line of baseline) investigation.add(line);
  return investigation.finish().suspects.map((suspect) => suspect.service);
}

/** The lines of one gzipped file of the set, in the order of the file. */
export async function readRecordedLines(file: string): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const row of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    if (row.trim() === '') continue;
    const { ts_ns, service, level, msg, pod, trace_id, span_id } = JSON.parse(row) as Record<
      string,
      string | null
    >;
    lines.push({
      timestampNs: ts_ns ?? '0',
      timeMs: Number(ts_ns) / 1e6,
      service: service ?? '',
      level: parseLevel(level ?? ''),
      text: msg ?? '',
      fields: { pod: pod ?? '', trace_id: trace_id ?? '', span_id: span_id ?? '' },
      weight: 1,
    });
  }
  return lines;
}

export function rangeOf(lines: readonly LogLine[]): TimeRange {
  let startMs = Infinity;
  let endMs = -Infinity;
  for (const { timeMs } of lines) {
    startMs = Math.min(startMs, timeMs);
    endMs = Math.max(endMs, timeMs);
  }
  return { startMs, endMs: endMs + 1 };
}

function accuracy(ranks: readonly number[]) {
  const within = (k: number) =>
    Math.round((1000 * ranks.filter((rank) => rank <= k).length) / ranks.length) / 10;
  return { cases: ranks.length, 'AC@1': within(1), 'AC@3': within(3), 'AC@5': within(5) };
}
