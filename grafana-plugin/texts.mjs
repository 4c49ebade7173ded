// The English texts: every t('key', 'text') of the sources stands in src/locales/en-US, for Grafana and for translators.
// "node texts.mjs --write" writes the file; verify.mjs says what is missing in it, differs or is used no more.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = path.dirname(fileURLToPath(import.meta.url));
const LOCALE = 'src/locales/en-US/sonde-troubleshoot-app.json';

if (process.argv.includes('--write')) {
  const { texts, problems } = readSources();
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else writeFileSync(path.join(here, LOCALE), `${JSON.stringify(nest(texts), null, 2)}\n`);
}

/** What is wrong with the texts, a sentence each; nothing when the file is in step with the sources. */
export function problemsOfTexts() {
  const { texts, problems } = readSources();
  const written = new Map(flatten(JSON.parse(readFileSync(path.join(here, LOCALE), 'utf8'))));
  const out = 'run "node grafana-plugin/texts.mjs --write"';
  for (const [key, { text, where }] of texts) {
    if (!written.has(key)) problems.push(`${LOCALE} lacks ${key} of ${where}: ${out}`);
    else if (written.get(key) !== text)
      problems.push(`${LOCALE} says ${key} otherwise than ${where}: ${out}`);
  }
  for (const key of written.keys())
    if (!texts.has(key)) problems.push(`${LOCALE} has ${key}, which nothing uses: ${out}`);
  return problems;
}

function readSources() {
  const texts = new Map();
  const problems = [];
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: here }).sort()) {
    const source = ts.createSourceFile(
      file,
      readFileSync(path.join(here, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    visit(source, (call) => {
      const where = `${file}:${source.getLineAndCharacterOfPosition(call.getStart()).line + 1}`;
      const [key, text] = call.arguments;
      if (!key || !text || !ts.isStringLiteralLike(key) || !ts.isStringLiteralLike(text))
        problems.push(`${where}: t() takes its key and its English text as plain strings`);
      else if (texts.has(key.text) && texts.get(key.text).text !== text.text)
        problems.push(`${where}: ${key.text} has another text in ${texts.get(key.text).where}`);
      else texts.set(key.text, { text: text.text, where });
    });
  }
  for (const key of texts.keys())
    for (const other of texts.keys())
      if (other.startsWith(`${key}.`))
        problems.push(`${key} is a text and the beginning of ${other}: rename one`);
  return { texts, problems };
}

function visit(node, onText) {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 't')
    onText(node);
  ts.forEachChild(node, (child) => visit(child, onText));
}

/** a.b.c as i18next reads it, in the order of the alphabet. */
function nest(texts) {
  const root = {};
  for (const key of [...texts.keys()].sort()) {
    const names = key.split('.');
    const last = names.pop();
    const group = names.reduce((at, name) => (at[name] ??= {}), root);
    group[last] = texts.get(key).text;
  }
  return root;
}

function flatten(group, before = '') {
  return Object.entries(group).flatMap(([name, value]) =>
    typeof value === 'string' ? [[before + name, value]] : flatten(value, `${before}${name}.`),
  );
}
