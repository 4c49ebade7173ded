import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PatternDefinition } from '../known-pattern.ts';
import { compileLibrary } from '../library.ts';

/** Lines as real programs write them: those that a pattern explains, and those that only look like it. */
export interface PatternCases {
  readonly explains: readonly string[];
  readonly passes: readonly string[];
}

const library = compileLibrary();

/** One test a pattern; a pattern without lines of both kinds fails. */
export function testPatterns(
  patterns: readonly PatternDefinition[],
  cases: Readonly<Record<string, PatternCases>>,
): void {
  void test('every pattern of the category has lines, and no line is of an unknown pattern', () => {
    assert.deepEqual(Object.keys(cases).toSorted(), patterns.map((pattern) => pattern.id).toSorted());
  });
  for (const [id, { explains, passes }] of Object.entries(cases)) {
    void test(`${id} explains its lines and passes those that only look like it`, () => {
      assert.ok(explains.length > 0 && passes.length > 0);
      for (const line of explains) assert.equal(library.match(line)?.id, id, line);
      for (const line of passes) assert.notEqual(library.match(line)?.id, id, line);
    });
  }
}
