// Checks of the plugin that need no browser: types, lint, texts, and plugin.json against Grafana's schema and the page table.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { problemsOfTexts } from './texts.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const schemaFile = path.join(here, '../../shared/grafana/plugin.schema.json');
const problems = [];

run('types', 'node_modules/typescript/bin/tsc', '--noEmit');
run('types of the tests', 'node_modules/typescript/bin/tsc', '--noEmit', '-p', 'e2e');
if (existsSync(path.join(here, 'e2e-grafana/node_modules')))
  run('types of the specs for Grafana', 'node_modules/typescript/bin/tsc', '--noEmit', '-p', 'e2e-grafana');
else {
  const out = 'the types of e2e-grafana: "npm ci" there installs what they need';
  if (process.env.CI) problems.push(out);
  else console.log(`Left out: ${out}.`);
}
run('lint', 'node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.');
const plugins = globSync('src/**/plugin.json', { cwd: here });
for (const file of plugins) checkFiles(file);
checkPages();
checkPanels();
problems.push(...problemsOfTexts());
await checkSchema();

for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'The plugin is in order.' : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;

function run(what, script, ...args) {
  console.log(`Checking ${what} ...`);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: here, stdio: 'inherit' });
  if (status !== 0) problems.push(`${what}: see above`);
}

/** Logos and screenshots exist, and the texts that Grafana's catalogue wants. */
function checkFiles(file) {
  const { info } = read(file);
  const folder = path.dirname(file);
  const named = [
    info.logos.small,
    info.logos.large,
    ...(info.screenshots ?? []).map(({ path: shot }) => shot),
  ];
  for (const name of named)
    if (!existsSync(path.join(here, folder, name)))
      problems.push(`${file} names ${name}, which is not there`);
}

/** A page is a row in pages.ts, an entry of includes, and a row in the specs for a real Grafana. */
function checkPages() {
  const pages = [...readText('src/app/pages.ts').matchAll(/page\('([\w-]+)'/g)].map(([, name]) => name);
  const included = read('src/plugin.json').includes.flatMap(
    ({ path: at }) => /\/a\/%PLUGIN_ID%\/([\w-]+)/.exec(at ?? '')?.[1] ?? [],
  );
  for (const page of pages.filter((name) => !included.includes(name)))
    problems.push(`src/plugin.json: includes lacks the page ${page}`);
  const specs = readText('e2e-grafana/sonde.spec.ts');
  for (const page of pages.filter((name) => !specs.includes(`\n  ${name}: '`)))
    problems.push(`e2e-grafana/sonde.spec.ts: PAGES lacks the page ${page}`);
  for (const page of included.filter((name) => !pages.includes(name)))
    problems.push(`src/plugin.json includes the page ${page}, which is not in src/app/pages.ts`);
}

/** The panel of `src/panels/<name>` is `sonde-<name>-panel`, and an entry of includes. */
function checkPanels() {
  const included = read('src/plugin.json').includes.filter(({ type }) => type === 'panel');
  const panels = plugins.filter((file) => file.startsWith(path.join('src', 'panels')));
  for (const file of panels) {
    const name = path.basename(path.dirname(file));
    if (read(file).id !== `sonde-${name}-panel`)
      problems.push(`${file}: the id must be sonde-${name}-panel, as the folder says`);
    if (!included.some(({ path: at }) => at === `panels/${name}/module.js`))
      problems.push(`src/plugin.json: includes lacks the panel ${name}`);
  }
  if (included.length !== panels.length)
    problems.push('src/plugin.json includes a panel that has no folder in src/panels');
}

async function checkSchema() {
  if (!existsSync(schemaFile)) {
    console.log(`Left out: Grafana's schema is not at ${path.relative(here, schemaFile)}.`);
    return;
  }
  const { default: Ajv } = await import('ajv');
  const { $schema: _, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8'));
  const validate = new Ajv({
    strict: false,
    unicodeRegExp: false,
    validateFormats: false,
    allErrors: true,
  }).compile(schema);
  for (const file of plugins) {
    const filled = readText(file).replaceAll('%VERSION%', '0.1.0').replaceAll('%TODAY%', '2026-01-01');
    if (!validate(JSON.parse(filled)))
      for (const { instancePath, message } of validate.errors)
        problems.push(`${file}${instancePath}: ${message}`);
  }
  console.log(`Checked ${plugins.length} plugin.json by Grafana's schema.`);
}

function read(file) {
  return JSON.parse(readText(file));
}

function readText(file) {
  return readFileSync(path.join(here, file), 'utf8');
}
