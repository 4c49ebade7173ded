import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sharedData } from '@sonde/loki-embedded/testing/shared-data';

const data = sharedData('data');
const script = fileURLToPath(new URL('engine.ts', import.meta.url));

interface Case {
  readonly id: string;
  readonly inject_ns: string;
  readonly normal: string;
}

void test(
  'bench:engine predicts for systems and cases whose true answers are held back',
  { skip: data.skip },
  async (t) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sonde-bench-engine-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const cases = await withoutAnswers(folder);
    const out = path.join(folder, 'out');

    await promisify(execFile)(process.execPath, [script, '--data', folder, '--out', out, '--no-speed']);

    for (const kind of ['message', 'raw']) {
      const rows = await rowsOf(path.join(out, kind, 'Zookeeper.tsv'));
      assert.equal(rows.length, 2_000);
      assert.ok(rows.every((row) => row.split('\t').length === 2));
    }
    const ranked = await rowsOf(path.join(out, 'rca.tsv'));
    assert.deepEqual(
      ranked.map((row) => row.split('\t')[0]),
      cases.map(({ id }) => id),
    );
    assert.ok(ranked.every((row) => (row.split('\t')[1] ?? '').length > 0));
    const results = JSON.parse(await readFile(path.join(out, 'results.json'), 'utf8')) as object;
    assert.ok('templates' in results && 'root-cause' in results);
  },
);

/** One system and two cases, without the files and fields that hold the truth. */
async function withoutAnswers(folder: string): Promise<readonly Case[]> {
  for (const part of ['templates', 'rca/cases', 'rca/normal'])
    await mkdir(path.join(folder, part), { recursive: true });
  const copy = (file: string) => copyFile(path.join(data.path, file), path.join(folder, file));
  await copy('templates/Zookeeper.message.txt');
  await copy('templates/Zookeeper.raw.log');
  const rows = await rowsOf(path.join(data.path, 'rca/cases.jsonl'));
  const cases = rows.slice(0, 2).map((row) => {
    const { id, inject_ns, normal } = JSON.parse(row) as Case;
    return { id, inject_ns, normal };
  });
  await writeFile(
    path.join(folder, 'rca/cases.jsonl'),
    cases.map((each) => `${JSON.stringify(each)}\n`).join(''),
  );
  for (const { id } of cases) await copy(`rca/cases/${id}.logs.ndjson.gz`);
  for (const normal of new Set(cases.map(({ normal }) => normal))) await copy(`rca/${normal}.logs.ndjson.gz`);
  return cases;
}

async function rowsOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n');
}
