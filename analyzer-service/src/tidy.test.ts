import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SETTING_NAMES } from './config.ts';

// The rules of the layout, held by a test: which folder may import which, who reads the environment, how long a file
// may be, what it may be called, and that the documents name what exists.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LINES_MAX = 300;
const LINES_MEDIAN_MAX = 80;
const NAMES_FORBIDDEN = /(^|\/)(utils?|helpers?|common|misc)(\.|\/)/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file && existsSync(path.join(ROOT, file)))
  // Written by Grafana's create-plugin, and not to be changed.
  .filter((file) => !file.startsWith('grafana-plugin/.config/'));
const sources = files
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
  .map((file) => ({ file, text: read(file) }));
const documents = files.filter((file) => file.endsWith('.md')).map((file) => ({ file, text: read(file) }));

/** Part of analyzer-service/src -> the parts it may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  errors: [],
  turns: [],
  reloading: [],
  seal: ['errors'],
  database: [],
  ports: ['engine'],
  config: ['errors'],
  adapters: ['database', 'engine', 'errors', 'ports'],
  features: ['database', 'engine', 'errors', 'ports', 'http', 'reloading', 'seal', 'turns'],
  http: ['database', 'errors'],
  deps: ['adapters', 'config', 'database', 'errors', 'features', 'http', 'ports'],
  app: ['deps', 'features', 'http', 'errors'],
  main: ['app', 'config', 'deps', 'errors'],
  cli: ['adapters', 'config', 'database', 'deps', 'engine', 'errors', 'features', 'http', 'main', 'ports'],
  contract: ['features'],
  testing: ['adapters', 'app', 'config', 'deps', 'features', 'http', 'main', 'ports'],
};

void test('imports point one way: adapters and features meet only in deps, the engine knows nobody', () => {
  const wrong = serviceImports().filter(({ from, to }) => from !== to && !MAY_IMPORT[from]?.includes(to));
  assert.deepEqual(
    wrong.map(({ file, target }) => `${file} imports ${target}`),
    [],
  );
});

void test('a feature never imports another feature', () => {
  const featureOf = (file: string) => /features\/([^/]+)/.exec(file)?.[1];
  const wrong = serviceImports().filter(
    ({ file, target }) => featureOf(file) && featureOf(target) && featureOf(file) !== featureOf(target),
  );
  assert.deepEqual(
    wrong.map(({ file, target }) => `${file} imports ${target}`),
    [],
  );
});

void test('only app, http, routes and schema files know Hono', () => {
  const allowed = /src\/(app|main)\.ts$|src\/http\/|\/(routes|schema)\.ts$|\.test\.ts$/;
  const wrong = sources.filter(
    ({ file, text }) =>
      file.startsWith('analyzer-service/src') && /from '(hono|@hono)/.test(text) && !allowed.test(file),
  );
  assert.deepEqual(
    wrong.map(({ file }) => file),
    [],
  );
});

void test('only config.ts reads the environment', () => {
  const allowed =
    /^grafana-plugin\/|src\/config\.ts$|\.test\.ts$|\/testing\/|\/cli(\.ts|\/)|\/bench\/|^analyzer-service\/bin\/|\/main\.ts$/;
  const wrong = sources.filter(({ file, text }) => /process\.env\b/.test(text) && !allowed.test(file));
  assert.deepEqual(
    wrong.map(({ file }) => file),
    [],
  );
});

void test('files are short and their names say what they hold', () => {
  const code = sources.filter(({ file }) => !file.endsWith('.test.ts'));
  const lengths = code.map(({ text }) => text.split('\n').length).sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  assert.ok(median < LINES_MEDIAN_MAX, `the median file has ${median} lines`);
  const long = sources.filter(({ text }) => text.split('\n').length > LINES_MAX + 1).map(({ file }) => file);
  assert.deepEqual(long, [], `longer than ${LINES_MAX} lines`);
  assert.deepEqual(
    files.filter((file) => NAMES_FORBIDDEN.test(file)),
    [],
    'names that say nothing',
  );
  const service = sources.filter(({ file }) => /^(analyzer-service|loki)\//.test(file));
  assert.deepEqual(
    service.map(({ file }) => path.basename(file)).filter((name) => !/^[a-z0-9.-]+$/.test(name)),
    [],
  );
});

void test('.env.example names every setting and no other', () => {
  const named = [...read('.env.example').matchAll(/^#?\s?([A-Z][A-Z0-9_]+)=/gm)].map(
    (match) => match[1] ?? '',
  );
  const composeOnly = named.filter((name) => read('docker-compose.yml').includes(`\${${name}`));
  assert.deepEqual(
    SETTING_NAMES.filter((name) => !named.includes(name)),
    [],
    'missing in .env.example',
  );
  assert.deepEqual(
    named.filter((name) => !SETTING_NAMES.includes(name) && !composeOnly.includes(name)),
    [],
    'unknown',
  );
});

void test('every path and npm script that a document names exists', () => {
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
  const missing = documents.flatMap(({ file, text }) => [
    ...pathsIn(text)
      .filter(
        (name) => ![path.join(path.dirname(file), name), name].some((at) => existsSync(path.join(ROOT, at))),
      )
      .map((name) => `${file}: ${name}`),
    ...[...text.matchAll(/npm run ([\w:-]+)/g)]
      .filter(([, script]) => !scripts.includes(script ?? ''))
      .map(([, script]) => `${file}: npm run ${script}`),
  ]);
  assert.deepEqual(missing, []);
});

function serviceImports() {
  return sources
    .filter(({ file }) => file.startsWith('analyzer-service/src/') && !file.endsWith('.test.ts'))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/from '(\.{1,2}\/[^']+)'/g)].map(([, specifier]) => {
        const target = path.join(path.dirname(file), specifier ?? '');
        return { file, target, from: partOf(file), to: partOf(target) };
      }),
    )
    .filter(({ target }) => target.startsWith('analyzer-service/src/'));
}

function partOf(file: string): string {
  return (file.split('/')[2] ?? '').replace(/\.ts$/, '');
}

/** Links, and words in code marks that look like a path of this project. */
function pathsIn(text: string): string[] {
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '');
  const marked = [
    ...text.matchAll(
      /`((?:analyzer-service|loki|promtail|dashboards|migrations|grafana-plugin|docs|\.ci)\/[\w./-]+)`/g,
    ),
  ];
  return [...links, ...marked.map((match) => match[1] ?? '')];
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
