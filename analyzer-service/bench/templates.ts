import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Template } from '../src/engine/templates/template.ts';
import { TemplateMiner } from '../src/engine/templates/template-miner.ts';
import type { BenchOptions, BenchPart } from './bench-part.ts';
import { templateAccuracy } from './template-accuracy.ts';
import { measureSpeed, measureThreads } from './template-speed.ts';

const KINDS = [
  { name: 'message', suffix: '.message.txt' },
  { name: 'raw', suffix: '.raw.log' },
] as const;

/** Templates of the labelled systems under `templates/`: what the scorer reads, accuracy, speed and memory. */
export const templatesPart: BenchPart = {
  name: 'templates',
  async run(options) {
    const report: Record<string, unknown> = {};
    for (const { name, suffix } of KINDS) {
      const systems = readSystems(join(options.data, 'templates'), suffix);
      if (systems.length === 0) continue;
      console.log(`\nTemplates of ${name} lines`);
      const rows = systems.map((system) => mineSystem(system, name, options));
      console.table(Object.fromEntries(rows.map(({ system, ...row }) => [system, row])));
      report[name] = rows;
      if (options.speed) report[`${name}Speed`] = await measure(systems, name, options.lines);
    }
    return report;
  },
};

interface System {
  readonly name: string;
  readonly file: string;
  readonly lines: readonly string[];
  /** The true template of each line, where it is known. */
  readonly truth: readonly string[] | null;
}

function readSystems(folder: string, suffix: string): System[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .sort();
  return files.map((file) => {
    const name = file.slice(0, -suffix.length);
    const truth = join(folder, `${name}.templates.txt`);
    return {
      name,
      file: join(folder, file),
      lines: readLines(join(folder, file)),
      truth: existsSync(truth) ? readLines(truth) : null,
    };
  });
}

function readLines(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function mineSystem({ name, lines, truth }: System, kind: string, options: BenchOptions) {
  const miner = new TemplateMiner();
  const handles = lines.map((line) => miner.add(line));
  const templates = handles.map((handle): Template => miner.resolve(handle));
  mkdirSync(join(options.out, kind), { recursive: true });
  const rows = templates.map(({ id, text }) => `${id}\t${text.replace(/\s/g, ' ')}\n`);
  writeFileSync(join(options.out, kind, `${name}.tsv`), rows.join(''));
  const accuracy =
    truth &&
    templateAccuracy(
      templates.map(({ id }) => id),
      templates.map(({ text }) => text),
      truth,
    );
  return {
    system: name,
    lines: lines.length,
    templates: miner.templates().length,
    rest: miner.restCount,
    ga: rounded(accuracy?.ga),
    fga: rounded(accuracy?.fga),
    pa: rounded(accuracy?.pa),
  };
}

async function measure(systems: readonly System[], kind: string, lines: number): Promise<unknown> {
  console.log(`\nSpeed on ${kind} lines, repeated to ${lines}: millions of lines a second`);
  const mixed = { name: 'all mixed', lines: interleave(systems.map((system) => system.lines)) };
  const rows = [...systems, mixed].map((system) => {
    const { wall, cpu, strings, lineBytes } = measureSpeed(system.lines, lines);
    return {
      system: system.name,
      lineBytes: Math.round(lineBytes),
      wall: rounded(wall),
      cpu: rounded(cpu),
      strings: rounded(strings),
    };
  });
  console.table(Object.fromEntries(rows.map(({ system, ...row }) => [system, row])));
  const script = fileURLToPath(new URL('template-memory.ts', import.meta.url));
  const files = systems.map((system) => system.file);
  const printed = execFileSync(process.execPath, [script, String(lines), ...files], { encoding: 'utf8' });
  const memory: unknown = JSON.parse(printed);
  const { one, two } = await measureThreads(mixed.lines, lines);
  const threads = { one: rounded(one), two: rounded(two), ratio: rounded(two / one) };
  console.log(`A process that mines all systems: ${JSON.stringify(memory)}`);
  console.log(`Threads, all mixed: ${JSON.stringify(threads)}`);
  return { rows, memory, threads };
}

function interleave(files: readonly (readonly string[])[]): string[] {
  const longest = Math.max(...files.map((lines) => lines.length));
  return Array.from({ length: longest }, (_, i) => files.flatMap((lines) => lines[i] ?? [])).flat();
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 1000) / 1000;
}
