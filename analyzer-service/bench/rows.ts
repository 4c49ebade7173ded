import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';

/** One measured figure. */
export interface BenchRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/** Shows the figures as a table and writes them, with the machine that gave them, to `bench-results/NAME.json`. */
export async function reportRows(name: string, rows: readonly BenchRow[], about: object): Promise<void> {
  console.table(
    Object.fromEntries(
      rows.map(({ what, value, unit }) => [what, { value: Math.round(value * 10) / 10, unit }]),
    ),
  );
  await mkdir('bench-results', { recursive: true });
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  const result = { date: new Date().toISOString(), ...machine, ...about, rows };
  await writeFile(`bench-results/${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`Written to bench-results/${name}.json`);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
