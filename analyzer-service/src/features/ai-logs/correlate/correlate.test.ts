import assert from 'node:assert/strict';
import { it, test } from 'node:test';
import { sampleSuite } from '../../../testing/sample-suite.ts';
import { idMatcher } from './read-requests.ts';
import { graphAnswerSchema, requestAnswerSchema } from './schema.ts';

sampleSuite('pool-exhaustion', ({ ask, request }) => {
  const graph = async (parameters = '') =>
    graphAnswerSchema.strict().parse(await ask(`correlate?time_range=15m${parameters}`));
  const follow = async (parameters: string) =>
    requestAnswerSchema.strict().parse(await ask(`correlate?time_range=30m&${parameters}`));
  const failedRequest = async () => {
    const { cascades } = await graph();
    const example = cascades.find(({ origin }) => origin === 'payments')?.example;
    assert.ok(example);
    return example;
  };

  void it('without an id: the graph of services with calls, latency and what fails', async () => {
    const { edges, services, requests, cascades, bottlenecks, coverage, summary } = await graph();
    const calls = edges.map(({ caller, callee }) => `${caller} ${callee}`);
    for (const edge of ['gateway api', 'api payments', 'api auth', 'payments database', 'api anythingllm'])
      assert.ok(calls.includes(edge), `${edge} is missing in ${calls.join(', ')}`);
    assert.deepEqual(
      services.filter(({ entry }) => entry).map(({ service }) => service),
      ['gateway'],
    );
    assert.ok(requests.failed_share > 0.1);
    const fromPayments = cascades.find(({ origin }) => origin === 'payments');
    assert.deepEqual(fromPayments?.path, ['gateway', 'api', 'payments']);
    assert.ok(fromPayments.followers.some(({ service }) => service === 'gateway'));
    assert.equal(bottlenecks[0]?.service, 'payments');
    assert.equal(coverage.cut, false);
    assert.match(summary, /requests through 8 services/);
  });

  void it('a failed request: where it broke, who followed, where the time went, what to do', async () => {
    const { value } = await failedRequest();
    const answer = await follow(`correlation_id=${value}`);
    assert.equal(answer.status, 'failed');
    assert.deepEqual(answer.path.slice(0, 2), ['gateway', 'api']);
    assert.equal(answer.broke_at?.service, 'payments');
    assert.ok(answer.broke_at.followers.includes('api'));
    assert.equal(answer.bottleneck?.service, 'payments');
    assert.ok(answer.bottleneck.share > 0.5);
    assert.match(answer.summary, /broke in payments/);
    assert.ok(answer.recommendations.length > 0);
    assert.ok(answer.related_findings.some(({ service }) => service === 'payments'));
    const [first] = answer.spans;
    assert.deepEqual([first?.service, first?.parent], ['gateway', null]);
    for (const { duration_ms, self_ms, offset_ms } of answer.spans)
      assert.ok(self_ms >= 0 && self_ms <= duration_ms && offset_ms >= 0);
    assert.deepEqual(
      [...answer.lines].sort((a, b) => a.time.localeCompare(b.time)),
      answer.lines,
    );
  });

  void it('the same request by its trace, and by a name that its lines do not use', async () => {
    const { value } = await failedRequest();
    const one = await follow(`correlation_id=${value}`);
    const trace = one.lines[0]?.labels['trace_id'] ?? '';
    const byTrace = await follow(`trace_id=${trace}`);
    assert.deepEqual(byTrace.lines, one.lines);
    assert.deepEqual(byTrace.id, { field: 'trace_id', value: trace });
    const byOtherName = await follow(`request_id=${value}`);
    assert.deepEqual(byOtherName.lines, one.lines);
    assert.match(byOtherName.warnings.join(' '), /No line carries request_id .* correlation_id were taken/);
  });

  void it('an id that stands in the text only is found there', async () => {
    const { lines } = await follow(`correlation_id=${(await failedRequest()).value}`);
    const order = /order=(ord-\d+)/.exec(lines.map(({ line }) => line).join('\n'))?.[1] ?? '';
    const answer = await follow(`correlation_id=${order}`);
    assert.ok(answer.lines.length > 0);
    assert.match(answer.warnings.join(' '), /lines that contain it were taken/);
    assert.equal(answer.id.field, null);
  });

  void it('limit cuts the lines and says how many it left out', async () => {
    const { value } = await failedRequest();
    const all = await follow(`correlation_id=${value}`);
    const two = await follow(`correlation_id=${value}&limit=2`);
    assert.equal(two.lines.length, 2);
    assert.equal(two.lines_left_out, all.lines.length - 2);
  });

  void it('an id that nobody carries: 404 with the ids that exist and how to look further', async () => {
    const body = JSON.stringify(await ask('correlate?correlation_id=req-nowhere', 404));
    assert.match(body, /not_found/);
    assert.match(body, /correlation_id \(such as req-/);
    assert.match(body, /time_range=24h/);
  });

  void it('two ids at once are refused', async () => {
    const response = await request('correlate?correlation_id=a&trace_id=b');
    assert.equal(response.status, 400);
    assert.match(await response.text(), /Give one of correlation_id, trace_id and request_id/);
  });

  void it('with a filter, the graph is of requests that pass it', async () => {
    const { edges, coverage } = await graph('&search=Payment failed');
    assert.ok(edges.some(({ caller, callee }) => caller === 'api' && callee === 'payments'));
    assert.ok(!edges.some(({ callee }) => callee === 'search'));
    assert.equal(coverage.cut, true);
  });
});

sampleSuite(
  'slow-dependency',
  ({ ask }) => {
    void it('a sample of the requests keeps them whole and finds the slow service', async () => {
      const answer = graphAnswerSchema.strict().parse(await ask('correlate?time_range=15m'));
      const { coverage, services, bottlenecks, requests } = answer;
      assert.equal(coverage.cut, true);
      assert.ok(coverage.lines_read <= 3_000);
      assert.ok(bottlenecks.some(({ service }) => service === 'database'));
      assert.ok(requests.total > 2 * requests.read);
      assert.ok(services.every(({ service, entry }) => entry === (service === 'gateway')));
    });
  },
  { LINES_READ_MAX: '3000' },
);

const SHARES: readonly (readonly [number, string])[] = [
  [2, '!=""'],
  [1, '!=""'],
  [0.5, '=~".*[01234567]"'],
  [1 / 16, '=~".*[0]"'],
  [0.03, '=~".*[0123456]0"'],
  [1 / 300, '=~".*[0123456789abc]00"'],
];

for (const [share, matcher] of SHARES)
  void test(`a share of ${share} of all ids is ${matcher}`, () => {
    assert.equal(idMatcher(share), matcher);
  });
