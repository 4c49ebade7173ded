import { sharedData } from '@sonde/loki-embedded/testing/shared-data';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TemplateAccuracy } from '../../../bench/template-accuracy.ts';
import { templateAccuracy } from '../../../bench/template-accuracy.ts';
import { TemplateMiner } from './template-miner.ts';

const data = sharedData('data');
const folder = join(data.path, 'templates');

function accuracies(suffix: string): TemplateAccuracy[] {
  const systems = readdirSync(folder).filter((file) => file.endsWith(suffix));
  return systems.map((file) => {
    const lines = readLines(join(folder, file));
    const truth = readLines(join(folder, file.replace(suffix, '.templates.txt')));
    const miner = new TemplateMiner();
    const templates = lines.map((line) => miner.add(line)).map((handle) => miner.resolve(handle));
    return templateAccuracy(
      templates.map(({ id }) => id),
      templates.map(({ text }) => text),
      truth,
    );
  });
}

function readLines(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

for (const { kind, suffix } of [
  { kind: 'message', suffix: '.message.txt' },
  { kind: 'raw', suffix: '.raw.log' },
]) {
  void test(
    `templates of ${kind} lines of labelled systems are right, with one setting for all`,
    { skip: data.skip },
    () => {
      const systems = accuracies(suffix);
      assert.equal(systems.length, 8);
      assert.ok(average(systems.map(({ ga }) => ga)) >= 0.99);
      assert.ok(average(systems.map(({ fga }) => fga)) >= 0.93);
      assert.ok(average(systems.map(({ pa }) => pa)) >= 0.98);
      assert.ok(Math.min(...systems.map(({ ga }) => ga)) >= 0.98);
    },
  );
}
