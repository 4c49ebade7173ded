import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareOut } from './read-sample.ts';

const CASES: readonly (readonly [number, readonly number[], readonly number[]])[] = [
  [100, [10, 20, 30], [10, 20, 30]],
  [100, [10, 500, 500], [10, 45, 45]],
  [10, [100, 100, 100], [3, 3, 4]],
  [0, [5], [0]],
  [5, [], []],
];

for (const [budget, demands, shares] of CASES) {
  void test(`${budget} lines among ${JSON.stringify(demands)}: the rare are read whole`, () => {
    assert.deepEqual(shareOut(budget, demands), shares);
  });
}
