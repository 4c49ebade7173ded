import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatQuery } from './format.ts';
import { parseQuery } from './parse.ts';

const CASES: readonly (readonly [string, string])[] = [
  ['{ app = "a",b=~"c|d" }', '{app="a", b=~"c|d"}'],
  ['{app="a"}|="x" or "y"!="z"', '{app="a"} |= "x" or "y" != "z"'],
  [
    '{app="a"} |= ip("10.0.0.0/8")|json a="b.c",d|logfmt --strict',
    '{app="a"} |= ip("10.0.0.0/8") | json a="b.c",d="d" | logfmt --strict',
  ],
  ['{app="a"}|a>1 and b<=5s or c=1KB', '{app="a"} | ( ( a>1 , b<=5s ) or c==1.0kB )'],
  [
    '{app="a"}|line_format `x`|label_format a=b,c="d"|keep a|drop b="c"|decolorize|unpack',
    '{app="a"} | line_format "x" | label_format a=b,c="d" | keep a | drop b="c" | decolorize | unpack',
  ],
  ['sum(rate({app="a"}[90s] offset 1h)) by (app)', 'sum by (app)(rate({app="a"}[1m30s] offset 1h0m0s))'],
  [
    'quantile_over_time(.5,{app="a"}|unwrap duration(x)|__error__=""[5m]) by (app)',
    'quantile_over_time(0.5,{app="a"} | unwrap duration(x) | __error__=""[5m]) by (app)',
  ],
  ['1+2*3', '(1 + (2 * 3))'],
];

void test('queries are written in one form, and that form reads as the same query', () => {
  for (const [query, formatted] of CASES) {
    assert.equal(formatQuery(parseQuery(query)), formatted);
    assert.equal(formatQuery(parseQuery(formatted)), formatted);
  }
});

void test('what does not fit in a line is spread over several and reads as the same query', () => {
  const query = `sum by (app, zone) (count_over_time({app="a", zone=~"x|y|z"} |= "some longer text" | json | status >= 500 [5m])) / sum(rate({app="a"}[5m]))`;
  const formatted = formatQuery(parseQuery(query));
  assert.ok(formatted.split('\n').length > 3);
  assert.equal(formatQuery(parseQuery(formatted)), formatted);
});
