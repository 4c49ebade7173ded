import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchPart } from './bench-part.ts';
import { rootCausePart } from './root-cause.ts';
import { templatesPart } from './templates.ts';

const PARTS: readonly BenchPart[] = [templatesPart, rootCausePart];

const USAGE =
  'usage: npm run bench:engine -- --data DIR --out DIR [--lines 1000000] [--no-speed] [--only PART]';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    lines: { type: 'string', default: '1000000' },
    speed: { type: 'boolean', default: true },
    only: { type: 'string' },
  },
  allowNegative: true,
});
const lines = Number(values.lines);
if (!values.data || !values.out || !Number.isSafeInteger(lines) || lines < 1) {
  console.error(USAGE);
  process.exit(2);
}
const options = { data: resolve(values.data), out: resolve(values.out), lines, speed: values.speed };
mkdirSync(options.out, { recursive: true });
const results: Record<string, unknown> = { node: process.version, at: new Date().toISOString() };
const names = PARTS.map(({ name }) => name);
if (values.only !== undefined && !names.includes(values.only)) {
  console.error(`${USAGE}\nPART is one of: ${names.join(', ')}`);
  process.exit(2);
}
for (const part of PARTS) {
  if (values.only === undefined || values.only === part.name) results[part.name] = await part.run(options);
}
writeFileSync(join(options.out, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
