import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import { compileLibrary, KNOWN_PATTERNS } from './library.ts';
import { SEVERITIES } from '../finding.ts';
import { isRealMention } from './mention.ts';

const library = compileLibrary();

/** One pattern after the other, one literal after the other: slow, and plain to read. */
const NAIVE = KNOWN_PATTERNS.map((pattern) => ({
  ...pattern,
  compiled: pattern.regex === undefined ? null : RE2JS.compile(pattern.regex, RE2JS.CASE_INSENSITIVE),
})).toSorted((left, right) => SEVERITIES.indexOf(right.severity) - SEVERITIES.indexOf(left.severity));

function matchNaively(text: string): string | null {
  for (const { id, literals, compiled } of NAIVE) {
    for (const line of physicalLines(text)) {
      const isNamed = literals.some((literal) => mentions(text, line.start, line.end, literal.toLowerCase()));
      if (isNamed && (compiled === null || compiled.test(text.slice(line.start, line.end)))) return id;
    }
  }
  return null;
}

function physicalLines(text: string): { readonly start: number; readonly end: number }[] {
  const ends = [...text.matchAll(/\n|$/g)].map((match) => match.index);
  return ends.map((end, index) => ({ start: index === 0 ? 0 : (ends[index - 1] ?? 0) + 1, end }));
}

function mentions(text: string, lineStart: number, lineEnd: number, literal: string): boolean {
  const folded = text.slice(0, lineEnd).replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  for (let at = folded.indexOf(literal, lineStart); at !== -1; at = folded.indexOf(literal, at + 1)) {
    if (isRealMention(text, at, at + literal.length)) return true;
  }
  return false;
}

/** Short enough for the limits of one event: text that often comes near a pattern: its literals, cut and joined with what denies or hides them. */
const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...KNOWN_PATTERNS.flatMap((pattern) => pattern.literals)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ' ',
      '\n',
      '=',
      ': ',
      '"',
      '0',
      'no ',
      'null',
      'model ',
      'GET /',
      's',
      '_',
      '.',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const nearText = fc
  .array(fc.tuple(piece, fc.nat({ max: 3 }), fc.boolean()), { maxLength: 6 })
  .map((pieces) =>
    pieces
      .map(([text, cut, isUpper]) => (isUpper ? text.toUpperCase() : cut === 0 ? text.slice(1) : text))
      .join(''),
  );

void test('one pass says the same as one regular expression after the other', () => {
  fc.assert(
    fc.property(nearText, (text) => {
      assert.equal(library.match(text)?.id ?? null, matchNaively(text));
    }),
    { numRuns: 500 },
  );
});

void test('any text is matched without a throw, and the same text in the same way', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 500, size: 'max' }),
        fc.string({ unit: 'grapheme', maxLength: 300, size: 'max' }),
      ),
      (text) => {
        assert.deepEqual(library.match(text), library.match(text));
      },
    ),
  );
});

void test('any bytes read as text are matched without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000, size: 'max' }), (bytes) => {
      library.match(Buffer.from(bytes).toString('latin1'));
      library.match(Buffer.from(bytes).toString());
    }),
  );
});

void test('a huge event made of nothing but literals ends, and trouble beyond the limit is not read', () => {
  for (const literal of [
    'handshake ',
    'timed out ',
    'union select ',
    'does not exist\n',
    'model timeout=0 ',
  ]) {
    const text = literal.repeat(200_000);
    assert.doesNotThrow(() => library.match(text));
  }
  assert.equal(library.match(`${'x'.repeat(70_000)} ENOSPC`), null);
  assert.equal(library.match(`${'x'.repeat(60_000)} ENOSPC`)?.id, 'disk-full');
});

void test('a costly expression of a user stays within the limits of one event', () => {
  const costly = compileLibrary([
    {
      id: 'costly',
      category: 'data',
      severity: 'low',
      meaning: 'Many ways to match.',
      causes: [],
      nextSteps: [],
      literals: ['aaa', 'zzz'],
      regex: String.raw`(a|aa|a*)*(.*a){30}z{20}y`,
    },
  ]);
  const lines = Array.from({ length: 200 }, () => `zzz ${'a '.repeat(3000)}`).join('\n');
  assert.equal(costly.match(lines), null);
});
