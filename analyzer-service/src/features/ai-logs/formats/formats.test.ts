import assert from 'node:assert/strict';
import { it, test } from 'node:test';
import { sampleSuite } from '../../../testing/sample-suite.ts';
import { answerSchema } from '../schema.ts';
import { estimateTokens } from '../../../engine/summary/estimate-tokens.ts';

const QUERY = 'query?mode=troubleshoot&time_range=10m&services=payments,api&baseline=none&limit=50';

sampleSuite('pool-exhaustion', ({ ask, request }) => {
  const textOf = async (parameters: string) => {
    const response = await request(`${QUERY}&${parameters}`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
    return response.text();
  };

  void it('format=text is a report that says what the JSON says', async () => {
    const answer = answerSchema.parse(await ask(QUERY));
    const text = await textOf('format=text');
    assert.ok(text.includes(answer.coverage.note));
    assert.equal(
      (text.match(/^\[(?:critical|high|medium|low|info)\]/gm) ?? []).length,
      answer.findings.length,
    );
    for (const { service } of answer.counts.by_service) assert.ok(text.includes(`\n${service}: `));
  });

  void it('format=agent fits its budget and says what it left out', async () => {
    const answer = answerSchema.parse(await ask(QUERY));
    for (const budget of [300, 600, 1_500]) {
      const text = await textOf(`format=agent&max_tokens=${budget}`);
      assert.ok(estimateTokens(text) <= budget, `${estimateTokens(text)} tokens for ${budget}`);
      assert.match(text, /^troubleshoot 2026-11-20T11:50/);
      const kept = (text.match(/^(?:template|service) /gm) ?? []).length;
      const leftOut = [...text.matchAll(/(\d+) (?:templates|services)/g)];
      const sum = leftOut.reduce((all, match) => all + Number(match[1]), kept);
      assert.ok(sum >= answer.counts.templates.length, text);
    }
    const whole = await textOf('format=agent&max_tokens=100000');
    assert.match(whole, /left out: nothing\.\n$/);
    for (const { evidence_query } of answer.findings) assert.ok(whole.includes(evidence_query));
  });

  void it('the format is not part of the question: one computation answers all of them', async () => {
    await ask(`${QUERY}&format=json`);
    const { cached } = answerSchema.parse(await ask(QUERY));
    assert.equal(cached, true);
  });

  for (const wrong of ['format=xml', 'max_tokens=10', 'max_tokens=many'])
    void it(`refuses ${wrong}`, async () => {
      assert.equal((await request(`${QUERY}&${wrong}`)).status, 400);
    });
});

const TOKENS: readonly (readonly [string, number])[] = [
  ['', 0],
  ['three small words', 3],
  ['12345678', 4],
  ['req-0123456789abcdef', 10],
  ['{}', 2],
];
for (const [text, tokens] of TOKENS)
  void test(`'${text}' is about ${tokens} tokens`, () => {
    assert.equal(estimateTokens(text), tokens);
  });
