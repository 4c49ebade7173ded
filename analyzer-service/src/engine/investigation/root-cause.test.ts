import assert from 'node:assert/strict';
import { mkdtemp, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { sharedData } from '@sonde/loki-embedded/testing/shared-data';
import { benchRootCause, readRecordedLines } from '../../../bench/root-cause.ts';
import { Investigation } from './investigation.ts';

const data = sharedData('data');

interface Figures {
  readonly cases: number;
  readonly 'AC@1': number;
  readonly 'AC@3': number;
  readonly 'AC@5': number;
}

void test(
  '23 recorded faults: the true service is found, by kind of fault',
  { skip: data.skip },
  async () => {
    const out = await mkdtemp(path.join(os.tmpdir(), 'sonde-root-cause-'));
    const figures = (await benchRootCause(data.path, out)) as Record<string, Figures>;
    const floors: Record<string, Figures> = {
      all: { cases: 23, 'AC@1': 60, 'AC@3': 87, 'AC@5': 87 },
      return: { cases: 5, 'AC@1': 80, 'AC@3': 100, 'AC@5': 100 },
      exception: { cases: 7, 'AC@1': 70, 'AC@3': 100, 'AC@5': 100 },
      cpu_contention: { cases: 3, 'AC@1': 0, 'AC@3': 100, 'AC@5': 100 },
      network_delay: { cases: 8, 'AC@1': 62, 'AC@3': 62, 'AC@5': 62 },
    };
    for (const [kind, floor] of Object.entries(floors)) {
      const found = figures[kind];
      assert.equal(found?.cases, floor.cases, kind);
      for (const rank of ['AC@1', 'AC@3', 'AC@5'] as const) {
        assert.ok(
          found[rank] >= floor[rank],
          `${kind}: ${rank} is ${found[rank]}, at least ${floor[rank]} is held`,
        );
      }
    }
    const rows = (await readFile(path.join(out, 'rca.tsv'), 'utf8')).trim().split('\n');
    assert.equal(rows.length, 23);
    assert.ok(rows.every((row) => /^tt-\d\d\t\S+$/.test(row)));
  },
);

for (const day of ['2023-01-29', '2023-01-30']) {
  void test(`the fault-free minutes of ${day} give nothing above info`, { skip: data.skip }, async () => {
    const lines = await readRecordedLines(path.join(data.path, 'rca', 'normal', `${day}.logs.ndjson.gz`));
    const startMs = lines[0]?.timeMs ?? 0;
    const endMs = (lines.at(-1)?.timeMs ?? 0) + 1;
    const at = (share: number) => startMs + share * (endMs - startMs);
    for (const [from, middle, to] of [
      [0, 0.5, 1],
      [0, 0.33, 1],
      [0, 0.66, 1],
      [0.2, 0.6, 1],
      [0, 0.25, 0.5],
      [0.25, 0.5, 0.75],
      [0.5, 0.75, 1],
    ] as const) {
      const investigation = new Investigation({
        window: { startMs: at(middle), endMs: at(to) },
        baseline: [{ startMs: at(from), endMs: at(middle) }],
      });
      for (const line of lines) investigation.add(line);
      const { findings, suspects } = investigation.finish();
      const loud = findings.filter(({ severity }) => severity !== 'info').map(({ title }) => title);
      assert.deepEqual(loud, [], `${from} to ${middle} to ${to}`);
      assert.deepEqual(suspects, []);
    }
  });
}
