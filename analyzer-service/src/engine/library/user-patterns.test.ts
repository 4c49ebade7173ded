import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import type { PatternDefinition } from './known-pattern.ts';
import { compileLibrary } from './library.ts';
import { checkUserPatterns, InvalidPatternError, USER_PATTERN_LIMITS } from './user-patterns.ts';

const DECLINED: PatternDefinition = {
  id: 'payment-declined',
  category: 'data',
  severity: 'low',
  meaning: 'The bank did not accept a card.',
  causes: ['The card has expired'],
  nextSteps: ['Count them by bank'],
  literals: ['payment declined'],
};

void test("a user's pattern is found, and comes before the known ones", () => {
  const library = compileLibrary([DECLINED]);
  assert.equal(library.match('Payment declined: no space left on device')?.id, 'payment-declined');
  assert.equal(library.match('ENOSPC')?.id, 'disk-full');
  assert.equal(library.match('0 payment declined'), null);
});

void test("a user's regex must match besides", () => {
  const library = compileLibrary([{ ...DECLINED, regex: String.raw`declined code=(5[1-9])\b` }]);
  assert.equal(library.match('payment declined code=51')?.id, 'payment-declined');
  assert.equal(library.match('payment declined code=40'), null);
});

void test('a bad pattern is refused with its name and the reason', () => {
  const refused: readonly [Partial<Record<keyof PatternDefinition, unknown>>, RegExp][] = [
    [
      { regex: '(?=x)y' },
      /"payment-declined": the regex is no RE2 \(.*\); look-around and back-references are not part of it/,
    ],
    [{ regex: String.raw`(a)\1` }, /the regex is no RE2/],
    [{ regex: '(' }, /the regex is no RE2/],
    [{ regex: 'x'.repeat(501) }, /the regex has 1 to 500 characters/],
    [{ regex: '' }, /the regex has 1 to 500 characters/],
    [{ regex: '(x{900}y{900})' }, /the regex is too costly/],
    [{ literals: [] }, /needs 1 to 10 literals/],
    [{ literals: 'payment' }, /needs 1 to 10 literals/],
    [{ literals: ['ab'] }, /the literal "ab" must have at least 3 letters or digits/],
    [{ literals: ['=== '] }, /must have at least 3 letters or digits/],
    [{ literals: ['x'.repeat(101)] }, /at most 100 characters/],
    [{ literals: ['abgelehnt für'] }, /a literal is printable ASCII/],
    [{ literals: ['two\nlines'] }, /a literal is printable ASCII/],
    [{ category: 'weather' }, /the category is one of connectivity/],
    [{ severity: 'bad' }, /the severity is one of info/],
    [{ meaning: ' ' }, /meaning, causes and nextSteps are sentences/],
    [{ causes: 'none' }, /causes is a list of at most 10 sentences/],
    [{ nextSteps: [1] }, /meaning, causes and nextSteps are sentences/],
    [{ id: 'disk-full' }, /"disk-full": another pattern has this id already/],
    [{ id: 'Payment Declined' }, /"Payment Declined": an id has 1 to 64 small letters/],
    [{ id: undefined }, /"#1": an id has/],
  ];
  for (const [change, message] of refused) {
    const pattern = { ...DECLINED, ...change } as PatternDefinition;
    assert.throws(
      () => compileLibrary([pattern]),
      (error: unknown) => {
        assert.ok(error instanceof InvalidPatternError);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});

void test('the number of patterns is limited, and as many as allowed compile', () => {
  const many = Array.from({ length: USER_PATTERN_LIMITS.patternsMax }, (_, index) => ({
    ...DECLINED,
    id: `own-${index}`,
    literals: [`own trouble ${index}`],
  }));
  assert.equal(compileLibrary(many).match('own trouble 99')?.id, 'own-99');
  assert.throws(
    () => compileLibrary([...many, { ...DECLINED, id: 'one-more' }]),
    /there are more than 100 patterns/,
  );
});

void test('whatever a user gives is compiled, or refused as an invalid pattern', () => {
  const anyPattern = fc.oneof(
    fc.anything(),
    fc.record({
      id: fc.constant('own'),
      category: fc.constant('data'),
      severity: fc.constant('low'),
      meaning: fc.constant('Something of ours.'),
      causes: fc.oneof(fc.constant([]), fc.anything()),
      nextSteps: fc.constant([]),
      literals: fc.oneof(fc.constant(['own']), fc.array(fc.string(), { maxLength: 3 }), fc.anything()),
      regex: fc.oneof(fc.string(), fc.stringMatching(/^[a-z()|*+?[\]{}0-9,.^$\\]{0,20}$/), fc.anything()),
    }),
  );
  fc.assert(
    fc.property(anyPattern, fc.string(), (pattern, text) => {
      try {
        checkUserPatterns([pattern as PatternDefinition], []);
      } catch (error) {
        assert.ok(error instanceof InvalidPatternError, String(error));
        return;
      }
      const { regex } = pattern as PatternDefinition;
      if (regex !== undefined) RE2JS.compile(regex, RE2JS.CASE_INSENSITIVE).test(text);
    }),
    { numRuns: 300 },
  );
});
