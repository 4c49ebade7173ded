// Whether every module uses only what Grafana's packages of this version export. Levitate fetches them from npm, so that
// this is a command of its own and not part of verify.mjs.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const { dependencies } = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8'));
const target = ['data', 'ui', 'runtime']
  .map((name) => `@grafana/${name}@${dependencies[`@grafana/${name}`]}`)
  .join(',');

for (const module of globSync('src/**/module.tsx', { cwd: here }).sort()) {
  console.log(`\n${module}`);
  const args = ['--yes', '@grafana/levitate@0.17.2', 'is-compatible', '--path', module, '--target', target];
  const { status } = spawnSync('npx', args, { cwd: here, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
