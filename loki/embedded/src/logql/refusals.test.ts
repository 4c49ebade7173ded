import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestLoki } from '../testing/test-loki.ts';

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['', /^parse error : syntax error: unexpected \$end$/],
  ['{app="a"', /^parse error at line 1, col 9: syntax error: unexpected \$end$/],
  ['{app="a"}\n|= ', /^parse error at line 2, col \d+: syntax error/],
  ['{app=a}', /^parse error at line 1, col 6: syntax error: unexpected a$/],
  ['{}', /^parse error/],
  ['{app=~".*"}', /at least one regexp or equality matcher/],
  ['{app=""}', /at least one regexp or equality matcher/],
  ['{app!="a"} |= "x" | json |', /^parse error/],
  ['{app=~"("}', /error parsing regexp/],
  ['{app="a"} |~ "["', /error parsing regexp/],
  ['{app="a"} |~ "(?=x)"', /error parsing regexp/],
  ['{app="a"} |= ip("nope")', /invalid pattern/],
  ['{app="a"} | addr = ip("1.2.3")', /invalid pattern/],
  ['{app="a"} | regexp "no group"', /at least one named capture must be supplied/],
  ['{app="a"} | pattern "<_>"', /at least one capture is required/],
  ['{app="a"} | pattern "<a><b>"', /found consecutive capture/],
  ['{app="a"} | json x="a["', /cannot parse expression/],
  ['{app="a"} | line_format "{{.x"', /unclosed action/],
  ['{app="a"} | line_format "{{ nope .x }}"', /function "nope" not defined/],
  ['{app="a"} | line_format "{{ if .x }}"', /unexpected EOF/],
  ['{app="a"} | label_format a=b, a=c', /multiple label name 'a'/],
  ['{app="a"} | label_format __error__="x"', /cannot be formatted/],
  ['rate({app="a"})', /^parse error/],
  ['rate({app="a"}[5x])', /^parse error/],
  ['sum_over_time({app="a"}[5m])', /invalid aggregation sum_over_time without unwrap/],
  ['count_over_time({app="a"} | unwrap x [5m])', /invalid aggregation count_over_time with unwrap/],
  ['sum_over_time({app="a"} | unwrap x [5m]) by (app)', /grouping not allowed for sum_over_time/],
  ['quantile_over_time({app="a"} | unwrap x [5m])', /parameter required for operation quantile_over_time/],
  ['topk(sum(rate({app="a"}[5m])))', /parse error|parameter required/],
  ['topk(0, rate({app="a"}[5m]))', /must be greater than 0/],
  ['sum(2, rate({app="a"}[5m]))', /unsupported parameter/],
  ['1 and rate({app="a"}[5m])', /unexpected literal for left leg/],
  ['{app="a"} > 1', /log query needs a range aggregation|parse error/],
  ['rate({app="a"}[5m]) by (app)', /grouping not allowed for rate/],
  [`${'('.repeat(5000)}1${')'.repeat(5000)}`, /nested too deeply|parse error/],
  [`{app="a"} |= "${'x'.repeat(140_000)}"`, /input size too long/],
];

void test('a wrong query is refused with 400 and says what is wrong', async (t) => {
  const loki = await startTestLoki(t);
  for (const [query, reason] of REFUSED) {
    const refusal = await loki
      .refusal(query)
      .catch((error: unknown) => ({ status: 0, reason: String(error) }));
    if (query.length > 10_000) continue;
    assert.equal(refusal.status, 400, query);
    assert.match(refusal.reason, reason, query);
  }
});
